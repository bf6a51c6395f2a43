"""统计分析: what single cases count for, added up by agency, unit, officer, kind of act and quarter."""
