"""Updates of the program: finds new versions, verifies them against signed metadata, and installs them."""
