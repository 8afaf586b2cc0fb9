"""New versions of the program: found, checked against signed metadata, and put in place of this one."""
