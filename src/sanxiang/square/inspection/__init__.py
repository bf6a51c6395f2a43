"""双随机 on the portal: plans, what was committed to, the draw with everything needed to make it again, the results."""
