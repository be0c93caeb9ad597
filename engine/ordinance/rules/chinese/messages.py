"""What is wrong."""

MESSAGES = """\
`from` is not before `to`; `to` is the first day that is out
    `from` (从) 没有早于 `to` (到); `to` 是失效的第一天
`<1>` is empty
    `<1>` 是空的
`<1>` cannot be an id
    `<1>` 不能当编号
the id `<1>` is already on line <2>
    编号 `<1>` 在第 <2> 行已经用过
the daily window begins and ends at the same time
    每日时段的开始和结束是同一时刻
no band for <1> points
    <1> 分没有对应的分档
no band for <1> to <2> points
    <1> 到 <2> 分没有对应的分档
this band and the one on line <1> hold the same points
    这一档和第 <1> 行那一档重叠
a band is <1>
    分档写成了<1>
`at_least` is not less than `below`
    `at_least` (不低于) 没有小于 `below` (低于)
`given` is <1>
    `given` (给定) 写成了<1>
`<1>` is given in the wrong place
    `<1>` 写错了地方
`expect` must say what the rules decide
    `expect` (期望) 没有写期望什么结论
`<1>` is <2>, not a list
    `<1>` 应该是列表, 写成了<2>
`<1>` is <2>, not a map
    `<1>` 应该是一组 `键: 值`, 写成了<2>
`<1>` is <2>, not a text
    `<1>` 应该是文字, 写成了<2>
<1> is <2>, not a map
    <1>应该是一组 `键: 值`, 写成了<2>
one of `<1>` is <2>
    `<1>` 里有一项写成了<2>
there is no rule `<1>`
    没有编号为 `<1>` 的规则
a condition is a map, not <1>
    条件应该是一组 `事实: 值`, 写成了<1>
the condition is empty
    条件是空的
`<1>` is <2>; a list does not fit
    `<1>` 是<2>, 不能写列表
`<1>` is taken for a text here
    `<1>` 在这里被当成了文字
`<1>` is not one of the usual words of `<2>`
    `<1>` 不是 `<2>` 的常用词
`<1>` compares, but no fact stands before it
    `<1>` 是比较词, 前面却没有事实
`<1>` is not needed: all conditions of one map have to hold
    不用写 `<1>`: 并排写的条件本来就要全部成立
`<1>` is written `any` (`任一`) here
    `<1>` 在这里写作 `任一` (`any`)
`<1>` stands after a comma, which ended the value before it
    前面的逗号把值断开了, `<1>` 成了多余的
`<1>` has no comparison
    `<1>` 没有写怎么比较
`<1>` is not a comparator
    没有 `<1>` 这个比较词
`at_least` is <1>
    `at_least` (不低于) 写成了<1>
this condition over lines asks nothing of the line
    这个针对各行商品的条件没有用到商品行
`<1>` stands inside another condition over lines
    `<1>` 写在了另一个针对各行商品的条件里
`<1>` has no lines here: `<2>` is about one line
    这里不能用 `<1>`: `<2>` 本来就只看一行商品
`<1>` does not fit `<2>`, which is <3>
    `<2>` 是<3>, 不能用 `<1>` 比较
no value of `<1>` is both `<2>` and `<3>` these
    `<1>` 不可能同时满足 `<2>` 和 `<3>` 这两个值
`<1>` belongs to one line, and this asks about the whole order
    `<1>` 说的是一行商品, 这里问的是整张订单
`$<1>` is neither a parameter, nor a list, nor a fact
    没有叫 `$<1>` 的参数、名单或事实
`{<1>}` is neither a fact nor a parameter
    没有叫 `{<1>}` 的事实或参数
full-width braces around `<1>`
    `<1>` 外面是全角花括号
a brace without its partner in `<1>`
    `<1>` 里的花括号没有配对
`{<1>}` is a list, and a sentence tells one value
    `{<1>}` 是名单, 句子里只能写一个值
<1> has `value` and `values`
    <1>同时写了 `value` (值) 和 `values` (取值)
the values of <1> are <2>, not dates with values
    <1>的取值应该是 `日期: 值`, 写成了<2>
two values of <1> begin on the same day
    <1>有两个值从同一天开始
there is no decision `<1>`
    没有 `<1>` 这个决策点
`<1>` is not a hit policy
    没有 `<1>` 这种命中方式
`<1>` is not a way to take the points together
    没有 `<1>` 这种合计方式
`rules` and `table` stand side by side, so their order is not said
    `rules` (规则) 和 `table` (表格) 都写了, 先后不明
`<1>` cannot be `<2>`
    `<1>` 不能用作 `<2>`
`<1>` does not suit `<2>`
    `<2>` 不能用 `<1>`
`<1>` has no meaning with `hit: <2>`
    `hit: <2>` 时 `<1>` 没有意义
`prefer` and `weights` are two ways to say the same
    `prefer` (优先) 和 `weights` (权重) 只能写一种
rule `<1>` gives no points
    规则 `<1>` 没有写得分
the file holds no rules
    文件里没有规则
this is not YAML: <1>
    YAML 写法有错: <1>
this is not YAML
    这不是 YAML 文件
a second document begins here
    这里又开始了第二份文档
a `%` directive
    有 `%` 指令
the file holds more than <1> values
    文件里的值超过 <1> 个
`&<1>` names a place to copy
    `&<1>` 是 YAML 的引用标记
`*<1>` copies another place
    `*<1>` 引用了别处的内容
`<1>` is a type tag
    `<1>` 是 YAML 的类型标记
<1> cannot be a key
    <1>不能当键
`<<` merges another map
    `<<` 会合并别处的内容
a value without a key
    值前面没有键
`<1>` <2>; it is already on line <3>
    `<1>` <2>, 第 <3> 行已经有了
`<1>` again; it is already on line <2>
    `<1>` 重复了, 第 <2> 行已经有了
`<1>,<2>` has a comma in a number
    数字 `<1>,<2>` 里有逗号
the file is <1>, not a map
    文件应该是一组 `键: 值`, 写成了<1>
`<1>` is already answered on line <2>
    `<1>` 在第 <2> 行已经回答过
the file cannot be read: <1>
    文件读不了: <1>
this is not a file
    这不是文件
<1> in `<2>`
    `<2>` 的<1>
<1>; it only looks like `<2>`
    <1>; 它只是看着像 `<2>`
<1> (U+<2>)
    <1> (U+<2>)
nested more than <1> levels deep
    嵌套超过了 <1> 层
the file is larger than <1> KiB
    文件超过了 <1> KiB
the file is empty
    文件是空的
the file is not UTF-8
    文件不是 UTF-8 编码
`<1>` says the same as `<2>` on line <3>
    `<1>` 和第 <3> 行的 `<2>` 是一回事
unknown key `<1>` in <2>
    <2>里没有 `<1>` 这个键
<1> has no `<2>`
    <1>缺 `<2>`
`<1>: <2>` is not yes or no
    `<1>: <2>` 不是“是”或“否”
<1> is <2>
    <1>写成了<2>
<1> is empty from <2> on
    <1>从<2>起是空的
<1> holds `<2>` twice
    <1>里 `<2>` 写了两遍
`<1>` cannot be a name
    `<1>` 不能当名字
no rule uses `$<1>`
    没有规则用到 `$<1>`
`$<1>` stands for <2> here, but on line <3> for <4>
    `$<1>` 在这里是<2>, 在第 <3> 行却是<4>
`<1>` is already declared on line <2>
    `<1>` 在第 <2> 行已经声明过
`<1>` stands without `$`
    `<1>` 前面没有 `$`
`<1>` takes one value, not a list
    `<1>` 后面只能写一个值, 不能写列表
`<1>` is compared with <2>
    `<1>` 拿来比较的是<2>
`$<1>` is a list, and one value is wanted here
    `$<1>` 是名单, 这里要一个值
`<1>` is a fact, and a written value is wanted here
    `<1>` 是事实, 这里要写出值
`<1>` is compared with itself
    `<1>` 和自己比
`<1>` is <2>, but `<3>` is <4>
    `<1>` 是<2>, `<3>` 却是<4>
`<1>` takes a list, not <2>
    `<1>` 后面要写列表, 写成了<2>
the list of `<1>` is empty
    `<1>` 后面的列表是空的
`between` takes a map, not <1>
    `between` (介于) 后面要写 `{从: , 到: }`, 写成了<1>
a pattern is written in place
    正则表达式要直接写在这里
the pattern has <1> characters
    正则表达式有 <1> 个字符
`<1>` is a parameter, and `<2>` takes a list
    `<1>` 是参数, `<2>` 后面要写列表
the list holds a value twice
    列表里有重复的值
`from` and `to` are equal, so nothing lies between
    `from` (从) 和 `to` (到) 相同, 中间什么都没有
`from` is above `to`
    `from` (从) 比 `to` (到) 还大
the pattern cannot be read: <1>
    正则表达式读不懂: <1>
<1> sets nothing
    <1>什么都没写
`<1>` is <2>
    `<1>` 写成了<2>
`<1>` stands where a value is expected
    这里要写值, 不能写 `<1>`
<1> does not set `<2>` (<3>)
    <1>没有写 `<2>` (<3>)
<1> gives points, but points are not added up here
    <1>写了得分, 可是这里不计分
`<1>` is an empty list
    `<1>` 是空列表
`<1>` with `<2>` needs `<3>`
    `<1>` 写 `<2>` 时要有 `<3>`
`<1>` with `<2>` needs one of <3>
    `<1>` 写 `<2>` 时至少要有其中一个: <3>
`<1>` has `<2>`, which needs `<3>`
    `<1>` 有 `<2>`, 这要写 `<3>`
`<1>` has no `<2>` (<3>)
    `<1>` 缺 `<2>` (<3>)
`<1>` is not a currency
    `<1>` 不是币种
<1> is <2>, which has no range
    <1>是<2>, 没有大小之分
`merchant_may_set` is empty
    `merchant_may_set` (商家可设) 是空的
`at_least` is above `at_most`
    `at_least` (不低于) 比 `at_most` (不高于) 还大
<1> is in `<2>`, but it is compared with values in `<3>`
    <1>的单位是 `<2>`, 和它比的值单位却是 `<3>`
<1> is <2>, which has no unit
    <1>是<2>, 没有单位
two candidates with the same `<1>` stay tied
    两个候选的 `<1>` 相同就分不出先后
`<1>` is the same for every candidate
    `<1>` 对每个候选都一样
`<1>` is <2>, which has no more and less
    `<1>` 是<2>, 不分多少
`<1>` has no distances, so `within` means nothing
    `<1>` 算不出相差多少, 不能写 `within` (相差小于)
`within` is below zero
    `within` (相差小于) 小于零
`when` of a criterion asks about the order, not about one candidate
    比较项的 `when` (当) 只能问订单, 不能问某个候选
a weight of 0 changes nothing
    权数是 0, 不起作用
<1> has <2> `least`
    <1><2> `least` (最少)
`<1>` is out of the range of `<2>`
    `<1>` 超出了 `<2>` 的范围
`<1>` is out of the range of `<2>` by `merchant_may_set`
    `<1>` 超出了 `<2>` 的 `merchant_may_set` (商家可设) 范围
`<1>` holds a line break
    `<1>` 里有换行
full-width quotes around `<1>`
    `<1>` 外面是全角引号
`<1>` is one text, comma and all
    `<1>` 连逗号一起被当成了一段文字
`<1>` has no value
    `<1>` 没有写值
`<1>` stands for no value in YAML
    `<1>` 在 YAML 里表示没有值
`<1>` holds several values
    `<1>` 里写了好几个值
`<1>` compares, and a value is wanted here
    这里要写值, `<1>` 却是比较
<1> (`<2>`)
    <1> (`<2>`)
<1> (`<2>`, in <3>)
    <1> (`<2>`, 单位 <3>)
<1> of `<2>`
    `<2>`: <1>
the line begins with a tab
    行首是 Tab 键
a <1> blank stands where an ordinary one is needed
    这里要用普通空格, 却是<1>空格
`<1>` stands where `<2>` is wanted
    这里要写半角的 `<2>`, 却是 `<1>`
a second colon in one line, after `<1>`
    一行里有两个冒号, 第二个在 `<1>` 后面
`<1>` is never closed
    `<1>` 没有配对
the line is indented by <1>, which fits no line above it
    这一行缩进了 <1>, 和上面哪一行都对不上
the quote that begins with `<1>` is not closed
    从 `<1>` 开始的引号没有配对
`<1>` stands after the end of a quote
    引号结束后面还有 `<1>`
no blank after the colon in `<1>`
    `<1>` 的冒号后面没有空格
no blank after the dash in `<1>`
    `<1>` 的短横后面没有空格
`<1>` opens nothing here
    这里不能用 `<1>`
`<1>` stands after `<2>`
    `<2>` 后面还有 `<1>`
a value begins with `<1>`
    值不能以 `<1>` 开头
`//` begins no comment here
    这里不能用 `//` 写注释
`<1>` does not belong to what stands above it
    `<1>` 和上面的内容接不上
`<1>` closes nothing
    多了一个 `<1>`
the column `<1>` is neither a fact nor an outcome field
    列名 `<1>` 既不是事实, 也不是结论的字段
the table has no outcome column
    表格没有结论列
`<1>` has no part `<2>`
    `<1>` 没有 `<2>` 这一部分
a column is <1>
    列名写成了<1>
the column `<1>` is there twice
    列 `<1>` 写了两遍
the fact `<1>` stands after an outcome column
    事实 `<1>` 写在了结论列后面
`<1>` of <2> has <3> cells for <4> columns
    <2>的 `<1>` 有 <3> 格, 表格却有 <4> 列
`<1>` has no fact `<2>`
    `<1>` 没有 `<2>` 这个事实
this value is not <1>
    这个值不是<1>
`<1>` is not one of the allowed words
    没有 `<1>` 这个词
`<1>` is not one of the allowed words of `<2>`
    `<2>` 没有 `<1>` 这个词
`<1>` is not yes or no
    `<1>` 不是“是”或“否”
`<1>` is not a region code
    `<1>` 不是地区代码
the text holds half of a character
    文字里有半个字符
tags are a list, not the text `<1>`
    标签要写成列表, 不能写成 `<1>`
a tag is not text
    标签不是文字
`<1>` is not <2>
    `<1>` 不是<2>
`<1>` is a zero with a sign
    `<1>` 是带符号的零
this number is not <1> of at most <2> digits
    这个数不是<1>, 或超过了 <2> 位
`<1>` has <2> decimals, but <3> has <4>
    `<1>` 有 <2> 位小数, <3> 只有 <4> 位
`<1>` has <2> decimals, but money has <3>
    `<1>` 有 <2> 位小数, 金额只有 <3> 位
a number of <1> digits
    这个数有 <1> 位
`<1>` is not written with the digits 0 to 9
    `<1>` 没有用半角数字 0 到 9
`<1>` names a currency
    `<1>` 里写了币种
`<1>` is a time, not <2>
    `<1>` 是时刻, 不是<2>
`<1>` is not a whole number
    `<1>` 不是整数
`<1>` is not a date
    `<1>` 不是日期
`<1>` is not a moment
    `<1>` 不是时间点
`<1>` is not a time of day
    `<1>` 不是时刻
`<1>` is not a length of time
    `<1>` 不是时长
`<1>` is too long or too exact
    `<1>` 太长或太精确
`<1>` does not say its zone
    `<1>` 没有写时区
the year <1> is out of range
    年份 <1> 超出范围
`<1>` is not in the calendar
    日历上没有 `<1>`
`<1>` is not read
    没有读 `<1>` 这个文件
`<1>` holds no rule files
    `<1>` 里没有规则文件
`<1>` is answered twice: at <2> and here
    `<1>` 回答了两次: 在 <2>, 又在这里
`<1>` is not a list
    `<1>` 不是列表
"""
