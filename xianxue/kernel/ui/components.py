"""Component tags that are strict: an attribute that a component does not know is an error, with the right names."""

import difflib
import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from django.template import Context, Library, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.defaulttags import CsrfTokenNode
from django.utils.safestring import SafeString, mark_safe

Values = dict[str, Any]
Builder = Callable[..., Values | SafeString]
B = TypeVar("B", bound=Builder)
# Parameters that are no attributes: what stands between the tags, and the hidden input with the session's token.
_GIVEN = ("body", "token")


class Component:
    """One component: a function that turns attributes into the values of its template, or into HTML by itself.

    The function's parameters are the attributes; one annotated with a Literal takes those values only.
    A parameter `body` makes the tag a pair (`{% card %}…{% endcard %}`) and receives what stands between; a parameter
    `token` receives a function that draws the input with the session's token, for a form.
    """

    def __init__(self, name: str, build: Builder, template_name: str) -> None:
        self.name = name
        self.build = build
        self.template_name = template_name
        parameters = inspect.signature(build).parameters
        self.is_pair = "body" in parameters
        self.has_form = "token" in parameters
        self.attributes = [key for key in parameters if key not in _GIVEN]
        self.required = [k for k in self.attributes if parameters[k].default is inspect.Parameter.empty]
        self.positional = [k for k in self.attributes if parameters[k].kind is not inspect.Parameter.KEYWORD_ONLY]
        hints = get_type_hints(build)
        self.choices = {k: get_args(hints[k]) for k in self.attributes if get_origin(hints.get(k)) is Literal}

    def compile(self, parser: Parser, token: Token) -> Node:
        """Read the tag; every mistake in it is found here, before any page is drawn."""
        given = self._read(parser, token.split_contents()[1:])
        for key, expression in given.items():
            if isinstance(expression.var, str) and not expression.filters:
                self.check_choice(key, expression.var)
        for key in self.required:
            if key not in given:
                msg = f'{{% {self.name} %}} needs the attribute "{key}"'
                raise TemplateSyntaxError(msg)
        body = None
        if self.is_pair:
            body = parser.parse((f"end{self.name}",))
            parser.delete_first_token()
        return ComponentNode(self, given, body)

    def check_choice(self, key: str, value: object) -> None:
        """Raise TemplateSyntaxError when the attribute takes named values only and this is none of them."""
        if key in self.choices and value not in self.choices[key]:
            known = ", ".join(f'"{choice}"' for choice in self.choices[key])
            msg = f'{{% {self.name} %}}: {key}="{value}" is not one of {known}'
            raise TemplateSyntaxError(msg)

    def _read(self, parser: Parser, bits: list[str]) -> dict[str, FilterExpression]:
        given: dict[str, FilterExpression] = {}
        for position, bit in enumerate(bits):
            pair = token_kwargs([bit], parser)
            if not pair:
                if position >= len(self.positional):
                    msg = f"{{% {self.name} %}} takes {len(self.positional)} values without a name, not {bit}"
                    raise TemplateSyntaxError(msg)
                pair = {self.positional[position]: parser.compile_filter(bit)}
            for key, expression in pair.items():
                self._refuse_unknown(key)
                if key in given:
                    msg = f'{{% {self.name} %}} has the attribute "{key}" twice'
                    raise TemplateSyntaxError(msg)
                given[key] = expression
        return given

    def _refuse_unknown(self, key: str) -> None:
        if key in self.attributes:
            return
        near = difflib.get_close_matches(key, self.attributes, n=1)
        hint = f' (did you mean "{near[0]}"?)' if near else ""
        known = ", ".join(self.attributes) or "none"
        msg = f'{{% {self.name} %}} has no attribute "{key}"{hint}; it knows: {known}'
        raise TemplateSyntaxError(msg)


class ComponentNode(Node):
    """A component in a template."""

    def __init__(self, component: Component, given: Mapping[str, FilterExpression], body: NodeList | None) -> None:
        self.component = component
        self.given = given
        self.body = body
        self.nodelist = body or NodeList()

    def render(self, context: Context) -> SafeString:
        component = self.component
        values: Values = {key: expression.resolve(context) for key, expression in self.given.items()}
        for key in component.choices:
            if key in values:
                component.check_choice(key, values[key])
        if self.body is not None:
            values["body"] = mark_safe(self.body.render(context).strip())  # noqa: S308  # rendered just now, escaped there
        if component.has_form:
            values["token"] = partial(_TOKEN.render, context)
        built = component.build(**values)
        return built if isinstance(built, SafeString) else self._by_template(built, context)

    def _by_template(self, values: Values, context: Context) -> SafeString:
        template = context.render_context.get(self)
        if template is None:
            engine = context.template.engine if context.template else None
            if engine is None:
                msg = f"{{% {self.component.name} %}} is rendered outside a template"
                raise RuntimeError(msg)
            template = engine.get_template(self.component.template_name)
            context.render_context[self] = template
        inner = context.new(values)
        for inherited in ("csrf_token", "request"):
            if inherited in context:
                inner[inherited] = context[inherited]
        return mark_safe(template.render(inner).strip())  # noqa: S308  # a template escapes its own values


_TOKEN = CsrfTokenNode()


def component(library: Library) -> Callable[[B], B]:
    """Register the decorated function as the tag of its name, drawn by `ui/<name>.html`."""
    return lambda build: _registered(library, build, f"ui/{build.__name__}.html")


def drawn(library: Library) -> Callable[[B], B]:
    """Register the decorated function as the tag of its name; it returns the HTML itself (see `markup`)."""
    return lambda build: _registered(library, build, "")


def _registered(library: Library, build: B, template_name: str) -> B:
    made = Component(build.__name__, build, template_name)
    library.tag(made.name, made.compile)
    _declared[made.name] = made
    return build


def declared() -> Mapping[str, Component]:
    """Every component, for the gallery's test: none may be missing there."""
    return _declared


_declared: dict[str, Component] = {}
