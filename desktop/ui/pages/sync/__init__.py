"""The Sync page: signing in, the recovery key, devices, conflicting values, and QR codes."""
