"""The way out."""

HELPS = """\
swap the two dates
    把两个日期对调
swap the two values
    把两个值对调
remove the key
    去掉这个键
use letters, digits, `-`, `_` and `.`, at most 64
    可用文字、数字、`-`、`_`、`.`, 最多 64 个
an id names one rule for good; give this one another
    一个编号只能给一条规则, 请换一个
remove `daily` for the whole day
    整天有效就去掉 `daily` (每日)
leave out `at_least` of the first band
    第一档不写 `at_least` (不低于)
leave out `below` of the last band
    最后一档不写 `below` (低于)
let each band begin where the one before ends
    每一档从上一档结束的地方开始
write `{at_least: 30, below: 60, ...}` with the outcome
    写成 `{不低于: 30, 低于: 60, ...}`, 再加结论
write `at_least: <1>`
    写 `不低于: <1>` (`at_least`)
write `fact: value`
    写 `事实: 值`
write the outcome, `fired: [...]`, or both
    写结论、`命中规则: [...]`, 或两样都写
write `[a, b]`, or `[]` for none
    写 `[甲, 乙]`, 没有就写 `[]`
write a map
    写一组 `键: 值`
give it under `<1>:`
    写到 `<1>:` 下面
give it beside the facts of the order
    和订单的事实写在一起
name a rule by its id
    写规则的编号
write `<1>: {<2>: <3>}`
    写成 `<1>: {<2>: <3>}`
conditions that must all hold stand in one map, without `- `; else use `any:`
    要全部成立的条件并排写, 前面不加 `- `; 满足一个就行用 `任一:` (`any`)
write `fact: value`, or `fact: {at_least: value}`
    写 `事实: 值`, 或 `事实: {不低于: 值}`
write `always` if it always holds
    总是成立就写 `一直` (`always`)
write one value
    写一个值
write <1>, or put the text into double quotes
    写 <1>; 真要比这几个字就加双引号
write `fact: {<1>: value}`
    写 `事实: {<1>: 值}`
write them side by side in one map, or as a list under `all` (`全部`)
    并排写在一起, 或者列在 `全部` (`all`) 下面
write `any: [{fact: value}, {fact: value}]`; for values of one fact `fact: [a, b]` is enough
    写 `任一: [{事实: 值}, {事实: 值}]`; 同一个事实的几个值直接写 `事实: [甲, 乙]`
write several values as `[a, b]`; put a text with a comma into double quotes
    几个值写成 `[甲, 乙]`; 有逗号的文字加双引号
write several values as `[a, b]`, and a text with a comma in double quotes
    几个值写成 `[甲, 乙]`, 有逗号的文字加双引号
write a value, or a comparator such as `{at_least: value}`
    写一个值, 或比较词, 如 `{不低于: 值}`
write a whole number
    写整数
use a `line.` fact, or take it out of the condition over lines
    用 `商品行.` 的事实, 或者把它移出来
for `<1>` use <2>
    `<1>` 可用 <2>
put the two side by side
    两个条件并排写
use the `line.` facts without it
    直接用 `商品行.` 的事实
use <1>
    可用 <1>
use `between: {from: , to: }`, which may cross midnight
    用 `介于: {从: , 到: }`, 可以跨过半夜
write `any_line: {<1>: ...}`, or use `all_lines` or `count_lines`
    写 `任一行: {<1>: ...}`, 或用 `每一行`、`行计数`
declare it under `params:` or `lists:`
    在 `params:` (参数) 或 `lists:` (名单) 下面声明
name a fact or a parameter between the braces
    花括号里写事实或参数的名字
write `{{` and `}}` for braces
    花括号本身写成 `{{` 和 `}}`
name the fact that is compared with the list
    写和名单比的那个事实
keep `values` for dated ones, `value` for a single one
    分日期用 `values` (取值), 只有一个用 `value` (值)
write `values: {2026-01-01: ...}`, or `value: ...` for a single one
    写 `取值: {2026-01-01: ...}` (`values`), 只有一个就写 `值: ...` (`value`)
the other is on line <1>
    另一个在第 <1> 行
decisions: <1>
    决策点有: <1>
write all as rules, or all as a table
    都写成规则, 或都写成表格
name a fact of the order that is <1>
    写订单的一个事实, 要是<1>
it belongs to <1>
    它用在 <1>
keep one of the two
    只留一个
keep one of the two, on line <1> or on line <2>
    第 <1> 行和第 <2> 行只留一个
add `points:` to `then` (0 if it only says something)
    在 `则` (`then`) 里加 `得分:` (`points`), 不计分就写 0
begin with `decision:`
    开头写 `决策:` (`decision`)
check quotes, brackets and indentation just before this place
    检查这里前面的引号、括号和缩进
save it as plain UTF-8
    另存为 UTF-8 纯文本
save it as UTF-8
    另存为 UTF-8
remove the line `---`; several decisions go under `decisions:`
    去掉 `---` 这一行; 几个决策写在 `决策组:` (`decisions`) 下面
remove the line
    去掉这一行
split it: one file for each area
    拆开: 每块业务一个文件
name the value under `params:` or `lists:`
    在 `params:` (参数) 或 `lists:` (名单) 下面起个名字
write the value out, or name it under `params:` or `lists:`
    把值写出来, 或在 `params:` (参数)、`lists:` (名单) 下面起个名字
remove it; the fact says what type the value has
    去掉它; 值是哪一类由事实决定
write plain text
    写普通文字
a key is one word, followed by a colon
    键是一个词, 后面跟冒号
write the keys out instead
    把键一个个写出来
write the key before the colon
    冒号前面要写键
write `<1>`
    写成 `<1>`
begin a new rule with `- <1>: ...`, or remove one of the two
    新规则用 `- <1>: ...` 开头; 不是新规则就去掉一个
put all rules of one decision together
    同一个决策的规则写在一起
check the name and who may read it
    看看文件名对不对、有没有权限
name a rule file
    写一个规则文件
did you mean `<1>`?
    是不是想写 `<1>`?
did you mean `<1>`? If it is a word of your own, leave it
    是不是想写 `<1>`? 如果是自定义的词, 不用改
a rule needs few levels; look for a bracket that is never closed
    规则用不了几层; 找找没有配对的括号
add `<1>:` (or `<2>:`)
    加上 `<2>:` (`<1>:`)
write `true` or `false` (`是` or `否`)
    写 `是` 或 `否` (`true`, `false`)
a comma ends a value inside `{...}`: put a text that holds one into double quotes, and write \
several values as `[a, b]`
    `{...}` 里的逗号会把值断开: 有逗号的文字加双引号, 几个值写成 `[甲, 乙]`
keys here: <1>
    这里可以写: <1>
write one text
    写一段文字
begin each <1> with `- `
    每个<1>用 `- ` 开头
write `{zh: , en: }`
    写 `{中文: , 英文: }`
write `[<1>]`
    写成 `[<1>]`
write `[a, b]`
    写成 `[甲, 乙]`
remove one
    去掉一个
begin with a letter, then letters, digits and `_` (at most 64)
    以文字开头, 后面可用文字、数字、`_`, 最多 64 个
remove it, or write `$<1>` in a rule
    去掉它, 或在规则里写 `$<1>`
write `name: {value: ...}`
    写 `名字: {值: ...}`
declare two names, one for each meaning
    声明两个名字, 各用各的
give one of the two another name
    给其中一个换个名字
write `$<1>` for the list
    名单写成 `$<1>`
write `$<1>` for the parameter
    参数写成 `$<1>`
use `<1>` for a list
    列表用 `<1>`
write <1>
    写<1>
use `one_of` or `none_of` (for tags `contains_any`) with a list
    名单要用 `属于`、`不属于` (标签用 `含任一`)
facts can be compared by `is`, `at_least`, `above`, `at_most`, `below`, `between`
    事实之间可用 `等于`、`不低于`、`高于`、`不高于`、`低于`、`介于` 比较
name another fact
    写另一个事实
compare facts of the same type and unit
    要同类、同单位的事实才能比
write its values
    把值写出来
write `between: <1>`; `from` is included, `to` is not
    写成 `between: <1>`; 含 `from` (从), 不含 `to` (到)
write the pattern itself
    直接写正则表达式
write at most <1>, or use `one_of` with a list
    最多 <1> 个; 或者用 `属于` 加名单
write `[<1>]`, or declare a list
    写成 `[<1>]`, 或声明一个名单
`to` itself is not included
    `to` (到) 本身不算在内
look-ahead and look-behind are refused (they can run forever); write two conditions
    不能用前瞻和后顾 (可能没完没了); 写成两个条件
patterns are RE2: no back-references, no look-around
    正则表达式是 RE2: 没有反向引用和环视
write `{<1>: value}`; fields here: <2>
    写成 `{<1>: 值}`; 可用字段: <2>
write `field: value`
    写 `字段: 值`
write the value
    写出值
add `<1>:`; every outcome of `<2>` has it
    加上 `<1>:`, `<2>` 的每个结论都要有
points belong to the rules and the `otherwise` of `hit: score`
    得分只写在 `hit: score` (评分) 的规则和 `否则` 里
leave the field out
    去掉这个字段
add `<1>:`
    加上 `<1>:`
write `<1>`, or leave `<2>` out
    写 `<1>`, 或去掉 `<2>`
remove `merchant_may_set`
    去掉 `merchant_may_set` (商家可设)
write `{at_least: , at_most: }`
    写 `{不低于: , 不高于: }`
write `unit: <1>` and give the values in it
    写 `单位: <1>` (`unit`), 值也按它写
remove `unit`
    去掉 `unit` (单位)
end `tie_break` with `<1>`
    `tie_break` (决胜) 最后写 `<1>`
name one fact
    写一个事实
name a `candidate.` fact
    写候选的事实 (`candidate.`)
name a fact that is a number, a time or yes-no
    写一个是数字、时间或是否的事实
remove `within`
    去掉 `within` (相差小于)
write a distance above zero
    写大于零的差距
exclude candidates under `exclude:`
    要排除候选, 写在 `exclude:` (排除) 下面
remove the line, or write a weight above 0
    去掉这一行, 或写大于 0 的权数
write one of `most: candidate...` and `least: candidate...`
    `most: candidate...` (最多) 和 `least: candidate...` (最少) 写一个
it is <1>
    应该<1>
it is <1>; <2> percent is written `<3>%`
    应该<1>; 百分之 <2> 写成 `<3>%`
write one value, <1>
    写一个值: <1>
write the value on one line
    值写在一行里
write `"<1>"`, with the keyboard set to English
    切换到英文输入法, 写 `"<1>"`
part values by `, `; put a text with a comma into double quotes
    值之间用半角逗号加空格; 有逗号的文字加双引号
write the value after the colon
    冒号后面写上值
use `missing: true` to ask for an absent fact, or quote it: "null"
    要问有没有这个事实, 写 `缺失: 是`; 真要比这几个字母就加引号: "null"
write each on its own: `[<1>]`
    分开写: `[<1>]`
count the brackets of the line, and add `<1>`
    数一数这一行的括号, 补上 `<1>`
indent with blanks; most editors can turn tabs into blanks
    缩进要用空格; 一般编辑器都能把 Tab 换成空格
type the blanks of this line again, with the keyboard set to English
    切换到英文输入法, 把这一行的空格重新打一遍
write <1>, with the keyboard set to English; only a text in quotes may hold `<2>`
    切换到英文输入法, 写 <1>; 只有引号里的文字可以用 `<2>`
put a map into braces, `order.pieces: {at_least: 3}`, and a text with a colon into double quotes
    里层用花括号括起来, 如 `订单.件数: {不低于: 3}`; 有冒号的文字加双引号
`<1>` is a comment; put a text with `#` into double quotes
    `<1>` 成了注释; 有 `#` 的文字加双引号
indent it by <1> blanks, as the lines that it belongs to
    缩进 <1> 格, 和同级的行对齐
end the text with the sign that it begins with, <1>
    开头用什么引号, 结尾也用什么引号: <1>
put the whole text into quotes; within double quotes write 'single' ones
    整句加引号; 双引号里面要用引号就写'单引号'
write a colon and a blank before the value
    冒号后面加空格, 再写值
write a dash and a blank before each item of a list
    列表每一项前面写短横加空格
compare in words, <1>
    比较要用词: <1>
write braces, `{at_least: 5000}`
    用花括号: `{不低于: 5000}`
put a text that holds braces into double quotes; part values by `, `
    有花括号的文字加双引号; 值之间用半角逗号加空格
put the value into double quotes
    值加双引号
begin a comment with `# `
    注释用 `# ` 开头
indent it as the lines of its kind; a new item of a list begins with `- `
    和同级的行对齐; 列表的新一项用 `- ` 开头
an item of a list stands in one column with the items before it
    列表的各项要左边对齐
remove it, or open it before: brackets come in pairs
    去掉它, 或在前面补上另一半: 括号要成对
name facts first, then outcome fields
    先写事实, 再写结论的字段
add the outcome fields after the facts
    在事实后面加上结论的字段
write the name of a fact
    写事实的名字
put both tests into one cell: `{at_least: , below: }`
    两个条件写在一格里: `{不低于: , 低于: }`
write all facts first, then the outcome
    先写完事实, 再写结论
write `<1>` alone
    只写 `<1>`
parts: <1>
    有这些部分: <1>
write one cell for each of <1>; `any` for no test
    <1> 每列一格; 不问就写 `任意` (`any`)
facts begin with <1>
    事实以这些开头: <1>
facts here: <1>
    这里的事实: <1>
`<1>` is a fact of `<2>`, not of this decision
    `<1>` 是 `<2>` 的事实, 不是这个决策的
give <1>
    要给<1>
write the code of <1>, `"<2>"`
    <1> 要写代码 `"<2>"`
write a code, not a name: the 2, 4 or 6 digits of GB/T 2260 for a province, a city or a \
district (`33`, `3301`, `330106`), or one such as `BR-SP`
    写区划代码 (GB/T 2260), 不写名称: 省 2 位、市 4 位、区县 6 位 (`33`、`3301`、`330106`), \
国外如 `BR-SP`
send proper UTF-8
    用正确的 UTF-8 编码
give a list of texts
    给一组文字
write digits alone, with a point before decimals and no exponent or separators
    只写半角数字, 小数点用 `.`, 不加逗号和单位
write `<1>` if it is a number; codes belong in text facts
    是数字就写 `<1>`; 编码要用文字类的事实
write at most <1> decimals
    最多写 <1> 位小数
write at most <1> digits
    最多写 <1> 位
write the number alone, `<1>`; amounts are in the shop's currency
    只写数字 `<1>`, 金额都用店铺的币种
write `<1>`, in digits alone
    只写数字: `<1>`
write `<1>`, in digits alone; amounts are in the shop's currency
    只写数字: `<1>`, 金额都用店铺的币种
write it without decimals: `<1>`
    不写小数: `<1>`
round it first
    先取整
write it as a plain number
    写成普通的数字
write it like `22:30`, from `00:00` to `23:59`
    写成 `22:30` 这样, 从 `00:00` 到 `23:59`
write it like `2026-11-05`
    写成 `2026-11-05` 这样
write <1> (`48小时`, `30分钟`, `7天`)
    写<1>
add the zone, like `<1>`
    加上时区, 如 `<1>`
write a year from <1> to <2>
    写 <1> 到 <2> 之间的年份
check the month and the day
    看看月和日对不对
put rule files there whose names end in `.yaml`
    放进名字以 `.yaml` 结尾的规则文件
put rule files there whose names end in `.yaml` (<1>)
    放进名字以 `.yaml` 结尾的规则文件 (<1>)
rename it to `<1>.yaml`, or move it away
    改名为 `<1>.yaml`, 或挪走
keep one set per decision point
    每个决策点只留一份
give it in <1>
    写到<1>里
give a list of facts per item
    每一项给一组事实
"""
