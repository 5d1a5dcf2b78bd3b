package figure

// headerUnits gives the numbers of tables and lists the unit of their heading:
// 单位：亿元 above them, or a unit in parentheses in the heading of the column.
func (s *scan) headerUnits() {}
