"""From the bytes of a PDF to a draft: identify the document, then extract its rows, in a process of its own."""
