"""What is wrong with rules of law, and with rules that contradict them."""

LAW = """\
rule `<1>` is law and names no source
    规则 `<1>` 是法律, 却没有写来源
add `source:` with the act and its article
    加上 `来源:` (`source`), 写明法律名称和条款
rule `<1>` is law and has no day from which it holds
    规则 `<1>` 是法律, 却没有写从哪天起施行
add `effective: {from: 2014-03-15}` with the day it came into force
    加上 `生效: {从: 2014-03-15}` (`effective`), 写施行的日期
"""
