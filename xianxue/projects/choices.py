"""Values of code lists that the rules of projects depend on; the lists themselves are data."""

# 新建、改扩建: what the county counts as its building plan; repairs and purchases are registered and not counted.
BUILDING_KINDS = ("new", "extend", "rebuild")
# Gates (节点) of the list `project_gate`: places exist once a building is handed over, money is closed by the last.
GATE_DELIVERED = 12
GATE_CLOSED = 14
