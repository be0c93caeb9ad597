"""What stands against publishing rules that could be read."""

PROOFS = """\
`<1>` has no tests
    `<1>` 没有测试
write what the rules should decide under `tests:`
    在 `测试:` (tests) 下写明规则应当怎样决定
the test `<1>` fails: `<2>` should be `<3>` and is `<4>`
    测试 `<1>` 不符: `<2>` 应为 `<3>`, 实为 `<4>`
correct the rules, or what the test expects
    改正规则, 或改正测试的期望
no test of `<1>` fires rule `<2>`
    `<1>` 的测试没有一个命中规则 `<2>`
add a test whose `fired` holds `<1>`
    加一个测试, 其 `命中` (fired) 含 `<1>`
"""
