"""The suite's report: one self-contained page with plots and every failed case."""

from __future__ import annotations

import io
from collections.abc import Sequence

import matplotlib
from jinja2 import Environment
from markupsafe import Markup
from matplotlib.figure import Figure

from eval.metrics import risk_curve
from eval.suite import Outcome, summarise, tabulate

matplotlib.rcParams["svg.hashsalt"] = "zaowen"

_PAGE = Environment(autoescape=True).from_string(
    """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>枣问测评报告</title>
<style>
body{font:16px/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;
color:#1b1b1b}
table{border-collapse:collapse}td,th{padding:.2rem .8rem;text-align:left;
border-bottom:1px solid #ccc}
article{border-top:1px solid #ccc;margin-top:1rem}blockquote{margin:.3rem 1rem;color:#444}
figure{display:inline-block;margin:0 1rem 0 0}
</style>
<h1>枣问测评报告</h1>
<table>{% for name, value in measures.items() %}
<tr><th>{{ name }}</th><td>{{ "%.3f"|format(value) }}</td></tr>{% endfor %}</table>
<h2>分类</h2>
<table><tr><th>类别</th><th>题数</th><th>正确率</th><th>95 % 区间</th></tr>{% for r in rows %}
<tr><td>{{ r.category }}</td><td>{{ r.count }}</td><td>{{ "%.3f"|format(r.right) }}</td>
<td>{{ "%.3f–%.3f"|format(r.low, r.high) }}</td></tr>{% endfor %}</table>
<h2>图</h2>
{% for plot in plots %}<figure>{{ plot }}</figure>{% endfor %}
<h2>未答对的题（{{ failed|length }}）</h2>
{% for o in failed %}<article>
<h3>{{ o.case.id }}　{{ o.case.category }}：{{ o.case.question }}</h3>
{% if o.case.history %}<p>前文：{{ o.case.history|join("；") }}</p>{% endif %}
<p>应有：{{ (o.case.answers + o.case.must_all)|join("；") or "拒答" }}
{% if o.case.speaker %}（{{ o.case.speaker }}）{% endif %}</p>
<p>状态 {{ o.answer.status }}，把握 {{ "%.2f"|format(o.answer.confidence) }}；
依据{% for name, value in o.moved %} {{ name }} {{ "%+.1f"|format(value) }}{% endfor %}</p>
{% for q in o.answer.quotes %}
<blockquote>答　{{ q.speaker }}：{{ q.text }}</blockquote>{% endfor %}
{% for q in o.answer.related %}
<blockquote>相关　{{ q.speaker }}：{{ q.text }}</blockquote>{% endfor %}
</article>{% endfor %}
</html>
"""
)


def render(outcomes: Sequence[Outcome]) -> str:
    """Return the page as HTML."""
    return _PAGE.render(
        measures=summarise(outcomes),
        rows=tabulate(outcomes),
        plots=[_coverage(outcomes), _calibration(outcomes)],
        failed=[o for o in outcomes if not o.right],
    )


def _coverage(outcomes: Sequence[Outcome]) -> Markup:
    asked = [o for o in outcomes if o.answer.quotes]
    figure, axes = _axes("coverage", "error")
    if asked:
        covered, error = risk_curve(
            [o.answer.confidence for o in asked], [o.case.answerable and o.right for o in asked]
        )
        axes.plot(covered * len(asked) / len(outcomes), error)
    return _svg(figure)


def _calibration(outcomes: Sequence[Outcome]) -> Markup:
    figure, axes = _axes("confidence", "answerable")
    bins: list[list[bool]] = [[] for _ in range(10)]
    for outcome in outcomes:
        bins[min(int(10 * outcome.answer.confidence), 9)].append(outcome.case.answerable)
    axes.bar(
        [i / 10 + 0.05 for i in range(10)],
        [sum(b) / len(b) if b else 0 for b in bins],
        width=0.09,
    )
    axes.plot([0, 1], [0, 1], linestyle=":")
    return _svg(figure)


def _axes(x: str, y: str) -> tuple[Figure, matplotlib.axes.Axes]:
    figure = Figure(figsize=(4, 3), layout="tight")
    axes = figure.add_subplot()
    axes.set(xlabel=x, ylabel=y, xlim=(0, 1), ylim=(0, 1))
    return figure, axes


def _svg(figure: Figure) -> Markup:
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    text = drawn.getvalue()
    return Markup(text[text.index("<svg") :])
