"""统计分析: figures, weak links, key acts."""
