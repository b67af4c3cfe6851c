"""What an administrator asks first when something seems wrong: each part of the installation, its state, and what to do."""
