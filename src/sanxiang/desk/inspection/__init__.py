"""双随机 on the desk."""
