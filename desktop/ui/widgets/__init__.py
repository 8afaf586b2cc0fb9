"""The widgets and layouts that all pages share."""
