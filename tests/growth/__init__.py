"""No page costs more because the books grew: each is opened on a small book and on a large one."""
