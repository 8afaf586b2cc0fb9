"""The main window: start-up, everything around the pages, the background process and the watched folder."""
