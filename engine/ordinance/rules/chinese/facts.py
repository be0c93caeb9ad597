"""What is wrong with facts that are decided on."""

FACTS = """\
<1>`<2>` is below <3>
    <1>`<2>` 小于 <3>
<1>`<2>` is above <3>
    <1>`<2>` 大于 <3>
<1>`<2>` is not a fact of `<3>`
    <1>`<3>` 没有 `<2>` 这个事实
<1>`<2>` is given in the wrong place
    <1>`<2>` 写错了地方
<1>[<2>] has no `<3>`
    <1>[<2>] 缺 `<3>`
`<1>[<2>]` does not name facts
    `<1>[<2>]` 没有写事实
<1>`<2>`: <3>
    <1>`<2>`: <3>
<1>[<2>]: `<3>` is given twice
    <1>[<2>]: `<3>` 给了两次
<1>`<2>` is given twice
    <1>`<2>` 给了两次
`<1>` is needed and absent
    缺了必须有的 `<1>`
the moment of deciding does not say its zone
    作决定的时间没有写时区
"""
