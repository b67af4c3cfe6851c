"""The drawing of a procedure: states as boxes, steps as labelled arrows, and where a matter stands. Pure layout.

A layered drawing (Sugiyama's manner): states and steps stand in turn in layers, arrows run down between them; what
leads back, or stays, runs up a lane of its own at the right. The template turns it into SVG, and into a list in words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from xianxue.kernel.procedures.declaration import Procedure, Step
from xianxue.kernel.procedures.models import Matter, StepRecord, Todo
from xianxue.kernel.procedures.names import in_words
from xianxue.kernel.ui import formats

STATE_WIDTH, STEP_WIDTH, PASS_WIDTH = 152, 168, 20
STATE_HEIGHT, STEP_HEIGHT, LINE_HEIGHT = 46, 50, 16
LAYER_GAP, COLUMN_GAP, LANE, MARGIN = 30, 26, 16, 10
LINE = 10
"""Characters of a box's line."""
ROUNDS = 6
ANYWHERE = 3
START = ""


@dataclass
class Node:
    """A box: a state, a step, or a place where a long arrow passes. `x` is its middle, `y` its top."""

    kind: str
    code: str
    layer: int
    lines: tuple[str, ...] = ()
    note: str = ""
    mark: str = ""
    """`done`, `current` or nothing."""
    look: str = ""
    x: float = 0
    y: float = 0

    @property
    def width(self) -> int:
        return {"state": STATE_WIDTH, "step": STEP_WIDTH, "start": PASS_WIDTH}.get(self.kind, PASS_WIDTH)

    @property
    def height(self) -> int:
        if self.kind == "state" and self.note and len(self.lines) > 1:
            return STATE_HEIGHT + LINE_HEIGHT
        return {"state": STATE_HEIGHT, "step": STEP_HEIGHT, "start": PASS_WIDTH}.get(self.kind, STEP_HEIGHT)

    @property
    def left(self) -> float:
        return self.x - self.width / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def texts(self) -> list[tuple[float, str, str]]:
        """(y, class, text) of the lines inside, the note smaller and last."""
        rows = [("drawing-label", line) for line in self.lines] + ([("drawing-note", self.note)] if self.note else [])
        top = self.y + self.height / 2 - (len(rows) - 1) * 8 + 4.5
        return [(round(top + number * 16, 1), css, text) for number, (css, text) in enumerate(rows)]


@dataclass(frozen=True)
class Arrow:
    """A line with a head at its end, unless it goes on below a place where it passes."""

    path: str
    mark: str = ""
    has_head: bool = True


@dataclass(frozen=True)
class Line:
    """A state in words, with the steps that lead on; the text alternative, and what narrow screens show."""

    title: str
    state: str
    note: str
    steps: tuple[str, ...] = ()


@dataclass
class Drawing:
    """What the template draws."""

    label: str
    width: float = 0
    height: float = 0
    nodes: list[Node] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Trace:
    """Where a matter stands: states left (with the day), steps done, the present state, notes by step."""

    current: str = ""
    states: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


def of_procedure(item: type[Procedure]) -> Drawing:
    """The procedure as declared."""
    return _drawn(item, Trace())


def of_matter(
    matter: Matter, records: Sequence[StepRecord], names: Mapping[int, str], todos: Mapping[str, Todo]
) -> Drawing:
    """The procedure, with what was done and who must act until when."""
    item = matter.declaration
    days = {row.to_state: formats.china_date(row.done_at) for row in records}
    notes = {}
    for step in item.steps_from(matter.state):
        todo = todos.get(step.at) if step.makes_todo else None
        if todo:
            until = _("%(day)s 前") % {"day": formats.china_date(todo.due_on)} if todo.due_on else ""
            notes[step.code] = " · ".join(filter(None, (names.get(todo.unit_id, ""), until)))
    trace = Trace(
        matter.state, days, {row.step: f"{row.actor} {formats.china_date(row.done_at)}" for row in records}, notes
    )
    return _drawn(item, trace)


def _drawn(item: type[Procedure], trace: Trace) -> Drawing:
    layers = _layers(item)
    graph = _Graph(item, trace, layers)
    drawing = graph.drawing()
    drawing.lines = _in_words(item, trace, layers)
    return drawing


def _layers(item: type[Procedure]) -> dict[str, int]:
    """Layer of each state: the longest way from the start that never comes back; declared order breaks circles."""
    order = {state.code: number for number, state in enumerate(item.states)}
    layers = {step.to: 1 for step in item.opening()}
    for _round in item.states:
        for step in item.steps.values():
            for source in () if is_anywhere(step) else step.states:
                if source in layers and order[step.to] > order[source]:
                    layers[step.to] = max(layers.get(step.to, 0), layers[source] + 1)
    lowest = max(layers.values())
    for state in item.states:
        layers.setdefault(state.code, lowest)
    return layers


def is_anywhere(step: Step) -> bool:
    """Whether the step can be done nearly anywhere, such as withdrawing: arrows from everywhere would hide the rest."""
    return step.optional and len(step.states) >= ANYWHERE


class _Graph:
    """The boxes and arrows of one drawing."""

    def __init__(self, item: type[Procedure], trace: Trace, layers: Mapping[str, int]) -> None:
        self.item, self.trace, self.layers = item, trace, layers
        self.rows: dict[int, list[Node]] = {}
        self.links: list[tuple[Node, Node, str, bool]] = []
        self.back: list[tuple[Node, Node, str]] = []
        start = self._put(Node("start", START, 0, mark="done" if trace.steps else ""))
        self.states = {state.code: self._put(self._state(state.code)) for state in item.states}
        for step in item.steps.values():
            self._step(step, start)

    def _put(self, node: Node) -> Node:
        self.rows.setdefault(node.layer, []).append(node)
        return node

    def _state(self, code: str) -> Node:
        state = self.item.state(code)
        mark = "current" if code == self.trace.current else "done" if code in self.trace.states else ""
        look = "final" if state.is_final else "pauses" if state.pauses else ""
        return Node(
            "state",
            code,
            self.layers[code] * 2,
            _wrapped(str(state.label)),
            self.trace.states.get(code, ""),
            mark,
            look,
        )

    def _step(self, step: Step, start: Node) -> None:
        target = self.states[step.to]
        sources = [self.states[code] for code in step.states] or [start]
        lowest = max(source.layer for source in sources)
        if is_anywhere(step):
            sources, lowest = [], target.layer - 2
        done = step.code in self.trace.steps
        is_next = self.trace.current in step.states
        mark = "done" if done else "current" if is_next and not step.optional else ""
        note = self.trace.notes.get(step.code) or _who(step)
        if is_anywhere(step):
            note = _("%(count)s 个阶段均可 · %(who)s") % {"count": len(step.states), "who": note}
        look = "optional" if step.optional else ""
        node = self._put(Node("step", step.code, lowest + 1, _wrapped(str(step.label), 1), _cut(note), mark, look))
        for source in sources:
            self._link(source, node, "done" if done else "", has_head=False)
        if target.layer > node.layer:
            self._link(node, target, "done" if done else "", has_head=True)
        else:
            self.back.append((node, target, "done" if done else ""))

    def _link(self, upper: Node, lower: Node, mark: str, *, has_head: bool) -> None:
        """A link from layer to layer, with a place to pass in each layer between."""
        before = upper
        for layer in range(upper.layer + 1, lower.layer):
            passing = self._put(Node("pass", "", layer))
            self.links.append((before, passing, mark, False))
            before = passing
        self.links.append((before, lower, mark, has_head))

    def drawing(self) -> Drawing:
        """Boxes put in order and in place, arrows between them."""
        self._order()
        height = self._place()
        nodes = [node for row in self.rows.values() for node in row]
        right = max(node.x + node.width / 2 for node in nodes)
        arrows = [_down(*link) for link in self.links]
        arrows += [_up(*link, lane=right + LANE * (place + 1)) for place, link in enumerate(self.back)]
        width = right + LANE * (len(self.back) + 1)
        label = _("%(procedure)s的流程图") % {"procedure": self.item.label}
        return Drawing(label, round(width), round(height), [node for node in nodes if node.kind != "pass"], arrows)

    def _neighbours(self, node: Node, *, above: bool) -> list[Node]:
        if above:
            return [upper for upper, lower, *_rest in self.links if lower is node]
        return [lower for upper, lower, *_rest in self.links if upper is node]

    def _order(self) -> None:
        """Each box near the middle of those it is linked with, so that few arrows cross."""
        for number in range(ROUNDS):
            above = number % 2 == 0
            for layer in sorted(self.rows, reverse=not above):
                places = {id(node): place for row in self.rows.values() for place, node in enumerate(row)}
                self.rows[layer].sort(key=lambda node: self._middle(node, places, above=above))
        backward = {id(node) for node, _target, _mark in self.back}
        for row in self.rows.values():
            row.sort(key=lambda node: id(node) in backward)

    def _middle(self, node: Node, places: Mapping[int, int], *, above: bool) -> float:
        found = [places[id(other)] for other in self._neighbours(node, above=above)]
        return sum(found) / len(found) if found else places[id(node)]

    def _place(self) -> float:
        """Coordinates; returns the height of the whole."""
        widest = max(_row_width(row) for row in self.rows.values())
        y: float = MARGIN
        for layer in sorted(self.rows):
            row = self.rows[layer]
            x = MARGIN + (widest - _row_width(row)) / 2
            for node in row:
                node.x, node.y = x + node.width / 2, y
                x += node.width + COLUMN_GAP
            y += max(node.height for node in row) + LAYER_GAP
        for _round in range(ROUNDS):
            self._straighten(widest)
        return y - LAYER_GAP + MARGIN

    def _straighten(self, widest: float) -> None:
        """Move boxes towards those they are linked with, without touching each other or leaving the paper."""
        for layer in sorted(self.rows):
            row = self.rows[layer]
            for place, node in enumerate(row):
                others = self._neighbours(node, above=True) + self._neighbours(node, above=False)
                if not others:
                    continue
                wanted = sum(other.x for other in others) / len(others)
                low = _right_of(row[place - 1]) if place else MARGIN
                high = row[place + 1].left - COLUMN_GAP if place + 1 < len(row) else MARGIN + widest
                half = node.width / 2
                node.x = min(max(wanted, low + half), high - half)


def _row_width(row: Sequence[Node]) -> float:
    return sum(node.width for node in row) + COLUMN_GAP * (len(row) - 1)


def _right_of(node: Node) -> float:
    return node.left + node.width + COLUMN_GAP


def _down(upper: Node, lower: Node, mark: str, has_head: bool) -> Arrow:  # noqa: FBT001 - one of the parts of a link
    top, bottom = upper.y if upper.kind == "pass" else upper.bottom, lower.y
    if upper.kind == "pass":
        # Straight through the layer that it passes, then on.
        return Arrow(
            f"M{upper.x:.0f} {top:.0f}V{upper.bottom:.0f}" + _curve(upper.x, upper.bottom, lower.x, bottom),
            mark,
            has_head,
        )
    return Arrow(f"M{upper.x:.0f} {top:.0f}" + _curve(upper.x, top, lower.x, bottom), mark, has_head)


def _curve(x1: float, y1: float, x2: float, y2: float) -> str:
    if round(x1) == round(x2):
        return f"V{y2:.0f}"
    middle = (y1 + y2) / 2
    return f"C{x1:.0f} {middle:.0f} {x2:.0f} {middle:.0f} {x2:.0f} {y2:.0f}"


def _up(step: Node, target: Node, mark: str, *, lane: float) -> Arrow:
    """Out at the bottom of the step, along the right, and down into the top of the state."""
    out, into = step.bottom + LAYER_GAP / 3, target.y - LAYER_GAP / 2
    x = target.x + target.width / 3
    return Arrow(
        f"M{step.x:.0f} {step.bottom:.0f}V{out:.0f}H{lane:.0f}V{into:.0f}H{x:.0f}V{target.y:.0f}", mark, has_head=True
    )


def _wrapped(text: str, lines: int = 2) -> tuple[str, ...]:
    if lines == 1 or len(text) <= LINE:
        return (_cut(text, LINE + 1),)
    half = -(-len(text) // 2) if len(text) <= LINE * 2 else LINE
    if text[half : half + 1] in "，。、）”":
        half += 1
    return text[:half], _cut(text[half:], LINE)


def _cut(text: str, length: int = 14) -> str:
    """The beginning that fits into so many hanzi; letters and figures take half the room."""
    room = length * 2
    for place, character in enumerate(text):
        room -= 1 if character.isascii() or character == "\N{NO-BREAK SPACE}" else 2
        if room < 0:
            return f"{text[: max(place - 1, 1)]}…"
    return text


def _who(step: Step) -> str:
    place = str(step.procedure.places.get(step.at, step.at))
    return f"{place} · {step.within.count} 日" if step.within else place


def _in_words(item: type[Procedure], trace: Trace, layers: Mapping[str, int]) -> list[Line]:
    states = sorted(item.states, key=lambda state: layers[state.code])
    return [_line(item, trace, state.code) for state in states]


def _line(item: type[Procedure], trace: Trace, code: str) -> Line:
    mark = "current" if code == trace.current else "done" if code in trace.states else "todo"
    # Of a matter under way only what was done, and what may come next, is told.
    told = [
        step for step in item.steps_from(code) if not trace.current or mark == "current" or step.code in trace.steps
    ]
    steps = tuple(_step_words(step, trace) for step in told)
    return Line(str(item.state(code).label), mark, trace.states.get(code, ""), steps)


def _step_words(step: Step, trace: Trace) -> str:
    words = {
        "step": step.label,
        "place": step.procedure.places.get(step.at, step.at),
        "roles": in_words(step.by),
        "to": step.procedure.state(step.to).label,
    }
    text = _("%(step)s（%(place)s：%(roles)s） → %(to)s") % words
    if step.within:
        text += _("，%(days)s 个工作日内") % {"days": step.within.count}
    if note := trace.notes.get(step.code):
        text += _("，等%(note)s") % {"note": note}
    if done := trace.steps.get(step.code):
        text += _("，%(done)s 已办") % {"done": done}
    return text


def every_state(drawing: Drawing) -> set[str]:
    """Codes of the states that a drawing shows: what the contract counts."""
    return {node.code for node in _of_kind(drawing.nodes, "state")}


def _of_kind(nodes: Iterable[Node], kind: str) -> Iterable[Node]:
    return (node for node in nodes if node.kind == kind)
