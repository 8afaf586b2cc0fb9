"""The window itself: how it starts, what stands around the pages, and the folder it watches."""
