"""Parts of sentences: what stands there, what a value is, where it stands."""

PHRASES = """\
a rule
    规则
rule `<1>`
    规则 `<1>`
a band
    分档
the band
    分档
a test
    测试
the decision
    决策
`<1>` of <2>
    <2>的 `<1>`
list `<1>`
    名单 `<1>`
parameter `<1>`
    参数 `<1>`
an entry of `<1>`
    `<1>` 里的一项
a file with `decisions`
    有 `decisions` (决策组) 的文件
the shop file
    店铺文件
the file
    文件
a list
    一个列表
a map of `key: value`
    一组 `键: 值`
a single value
    单个值
nothing
    空的
always
    一直
the start
    一开始
the list
    名单
the parameter
    参数
rule
    规则
criterion
    比较项
weight
    权重
fact
    事实
decision
    决策
condition
    条件
test
    测试
item
    一项
value
    值
row
    行
cell
    格子
column
    列
an amount of money
    金额
a whole number
    整数
a number
    数字
a share
    比例
text
    文字
one of the allowed words
    选项
yes or no
    是或否
a date
    日期
a moment
    时间点
a time of day
    时刻
a length of time
    时长
a list of tags
    一组标签
a region code
    地区代码
a region
    地区
a date or a moment
    日期或时间点
<1> in <2>
    <1> (单位 <2>)
an amount such as `199.00`
    金额, 如 `199.00`
a whole number such as `12`
    整数, 如 `12`
a number such as `2.5`
    数字, 如 `2.5`
a share such as `0.2` or `20%`
    比例, 如 `0.2` 或 `20%`
one of the declared words
    列出的词
`true` or `false` (`是`, `否`)
    `是` 或 `否` (`true`, `false`)
a date such as `2026-11-05`
    日期, 如 `2026-11-05`
a moment with its zone, such as `2026-11-05T22:30:00+08:00`
    带时区的时间点, 如 `2026-11-05T22:30:00+08:00`
a time such as `22:30`
    时刻, 如 `22:30`
a length such as `48 h`, `30 min` or `7 d`
    时长, 如 `48小时`、`30分钟`、`7天`
a list of texts
    一组文字
a region code such as `"3301"` or `BR-SP`
    地区代码, 如 `"3301"` 或 `BR-SP`
at least <1>
    不低于 <1>
at most <1>
    不高于 <1>
at least <1> and at most <2>
    不低于 <1>, 不高于 <2>
again
    重复了
which looks like `<1>`
    和 `<1>` 长得一样
full-width colon
    冒号是全角的
no blank after the colon
    冒号后面没有空格
no ordinary blank after the colon
    冒号后面的空格不是普通空格
full-width
    全角
no-break
    不间断
<1> or <2>
    <1> 或 <2>
1 blank
    1 格
<1> blanks
    <1> 格
`:` and a blank
    `:` 加空格
a bare carriage return
    孤立的回车符
a NEL line break
    NEL 换行符
a character that is not allowed
    不允许的字符
`{missing: true}`
    `{缺失: 是}`
a code such as `CNY`
    币种代码, 如 `CNY`
as `{at_least: 5000}` or `{below: 5000}`
    如 `{不低于: 5000}` 或 `{低于: 5000}`
both `most` and
    既有 `most` (最多) 又有
neither `most` nor
    没有 `most` (最多) 也没有
the order itself
    订单本身
no such file or directory
    没有这个文件或文件夹
permission denied
    没有读取权限
is a directory
    这是文件夹
its name is not usable
    文件名不能用
"""
