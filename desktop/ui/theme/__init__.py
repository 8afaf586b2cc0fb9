"""The appearance of the window: colours, fonts, style sheet and icons."""
