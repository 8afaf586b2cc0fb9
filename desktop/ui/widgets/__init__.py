"""How the window looks and speaks: the style, the controls every page is made of, icons, languages."""
