"""The sentence of each kind of event, in Chinese and in English."""

from __future__ import annotations

from ordinance.rules import Words

SENTENCES: dict[str, Words] = {
    "order.placed": Words(
        "接到订单, 渠道 {channel}, 来源单号 {source_id}",
        "taken in from {channel}, their number {source_id}",
    ),
    "payment.received": Words("收到付款 {amount} ({method})", "{amount} paid by {method}"),
    "payment.settled": Words("付款状态更新", "payment state brought up to date"),
    "order.waits_for_payment": Words(
        "等待付款, {minutes}后关闭",
        "waits for payment, closed after {minutes}",
    ),
    "order.entered": Words("进入处理", "enters the pipeline"),
    "order.refused": Words("不予接收: {reasons}", "refused: {reasons}"),
    "order.checked": Words("初步校验: {verdict} {reasons}", "checked: {verdict} {reasons}"),
    "order.closed_unpaid": Words("逾期未付款, 关闭", "never paid, closed"),
    "order.held": Words("挂起: {code}", "held: {code}"),
    "order.released": Words("解除挂起: {code}", "hold lifted: {code}"),
    "order.forced": Words("人工放行", "let through by a person"),
    "order.reviewed": Words("审核: {outcome}", "reviewed: {outcome}"),
    "review.answered": Words(
        "联系买家第 {attempt} 次: {answer}, 下一步 {next}",
        "buyer called, attempt {attempt}: {answer}; next: {next}",
    ),
    "stock.reserved": Words("锁定库存: {plan}", "stock reserved: {plan}"),
    "stock.found": Words("现已有货", "it is in stock by now"),
    "stock.released": Words("释放 {warehouse} 库存", "stock released in {warehouse}"),
    "checkout.taken_over": Words(
        "接管结账时锁定的 {pieces} 件", "takes over {pieces} pieces reserved at checkout"
    ),
    "checkout.not_honoured": Words(
        "结账锁定无效: {reason}", "the reservation of the checkout does not count: {reason}"
    ),
    "checkout.finished": Words(
        "结账锁定结束, 释放 {pieces} 件", "the checkout is done, {pieces} pieces released"
    ),
    "order.lines_cancelled": Words(
        "取消 {pieces}",
        "taken out of the order: {pieces}",
    ),
    "order.rest_cancelled": Words(
        "余下部分已取消, 视为全部发货",
        "the rest is off: shipped in full",
    ),
    "order.promised": Words("承诺 {hours} 小时内发货", "to be shipped within {hours} hours"),
    "order.ship_reminded": Words(
        "已逾期 {hours} 小时未发货, 催办",
        "{hours} hours past the promise to ship: reminded",
    ),
    "order.fulfilling": Words("开始履约", "being fulfilled"),
    "order.nothing_to_ship": Words("无需发货", "nothing to ship"),
    "order.received": Words("全部签收", "everything has arrived"),
    "order.never_arrived": Words("未能送达, 款项退回", "never arrived, refunded"),
    "order.completed": Words("订单完成", "completed"),
    "order.cancelled": Words("订单取消: {cause}", "cancelled: {cause}"),
    "person.shown": Words(
        "查看了完整个人信息: {reason}", "the person was shown in clear text: {reason}"
    ),
    "person.erased": Words("个人信息已删除: {reason}", "the person was erased: {reason}"),
    "person.erased_again": Words(
        "恢复备份后再次删除个人信息", "the person was erased again after a restore"
    ),
    "order.archived": Words("归档, 保存 {keep_years} 年", "archived, kept {keep_years} years"),
    "completion.planned": Words("签收 {days} 天后完成", "completes {days} days after receipt"),
    "completion.paused": Words("有未结事项, 暂不完成", "something is open, not completed yet"),
    "archive.planned": Words("{days} 天后归档", "to be archived after {days} days"),
    "archive.paused": Words("有未结事项, 暂不归档", "something is open, not archived yet"),
    "parcel.planned": Words(
        "包裹 {parcel} ({apart}): {warehouse} 发出, 快递 {carrier}, 包装 {package} ({with})",
        "parcel {parcel} ({apart}): from {warehouse} with {carrier}, in {package} ({with})",
    ),
    "parcel.pushed": Words(
        "包裹 {parcel} 已推仓, 运单号 {waybill}",
        "parcel {parcel} with the warehouse, waybill {waybill}",
    ),
    "parcel.pushed_too_late": Words(
        "包裹 {parcel} 取消后仓库才接单, 运单号 {waybill} 作废",
        "parcel {parcel} reached the warehouse after it was called back, waybill {waybill} is void",
    ),
    "parcel.carrier_found": Words(
        "包裹 {parcel} 改由 {carrier} 承运", "parcel {parcel} goes with {carrier} after all"
    ),
    "parcel.picking": Words("包裹 {parcel} 拣货", "parcel {parcel} is picked"),
    "parcel.packed": Words("包裹 {parcel} 打包完成", "parcel {parcel} is packed"),
    "parcel.shipped": Words(
        "包裹 {parcel} 已交 {carrier}, 运单号 {waybill}",
        "parcel {parcel} handed to {carrier}, waybill {waybill}",
    ),
    "parcel.rejected": Words(
        "包裹 {parcel} 被 {warehouse} 拒发: {reason}",
        "parcel {parcel} rejected by {warehouse}: {reason}",
    ),
    "parcel.goods_rejected": Words(
        "包裹 {parcel} 被 {warehouse} 拒发: {reason} ({missing} 件 {sku})",
        "parcel {parcel} rejected by {warehouse}: {reason} ({missing} of {sku})",
    ),
    "stock.blocked": Words(
        "{warehouse} 停发 {sku}, 至 {until}", "{sku} is blocked in {warehouse} until {until}"
    ),
    "stock.blocked_until_lifted": Words(
        "{warehouse} 停发 {sku}, 直到解除", "{sku} is blocked in {warehouse} until that is lifted"
    ),
    "stock.lost": Words(
        "盘亏: {warehouse} 少 {sku}, 让出 {missing} 件",
        "stocktake: {missing} of {sku} given up in {warehouse}",
    ),
    "address.asked": Words("买家要求改地址: {answer}", "buyer asks for another address: {answer}"),
    "address.too_late": Words(
        "改址请求过晚, 订单已 {state}", "too late for another address, the order is {state}"
    ),
    "address.sourced": Words(
        "按新地址分仓: {warehouses}, 不换仓: {stays}",
        "for the new address {warehouses} should ship; it stays so: {stays}",
    ),
    "address.changed": Words("地址已修改, 地区 {region}", "address changed, region {region}"),
    "parcel.merged": Words(
        "包裹 {parcel} 合单, 与来源订单 {sources} 同包 ({with})",
        "parcel {parcel}: merged, source orders {sources} leave in one box ({with})",
    ),
    "order.waits_to_merge": Words(
        "等待合单, {minutes}后推仓", "waits {minutes} for other orders to leave with"
    ),
    "parcel.waited_enough": Words(
        "包裹 {parcel} 不再等待合单, 交仓发货",
        "parcel {parcel} waits for no other order: to be sent",
    ),
    "order.unmerged": Words("合单还原, 单独发货", "leaves alone again"),
    "parcel.unmerged": Words(
        "包裹 {parcel} 合单还原: {cause}",
        "parcel {parcel}: merging undone, {cause}",
    ),
    "parcel.cancelled": Words("包裹 {parcel} 取消", "parcel {parcel} cancelled"),
    "parcel.scanned": Words("包裹 {parcel} 轨迹: {tracking}", "parcel {parcel}: {tracking}"),
    "parcel.looked_at": Words(
        "查看包裹 {parcel}, 没有新的异常",
        "parcel {parcel} looked at, nothing new",
    ),
    "parcel.anomaly": Words("包裹 {parcel} 异常: {anomalies}", "parcel {parcel}: {anomalies}"),
    "parcel.waited": Words("包裹 {parcel} 继续等待", "parcel {parcel}: waits on"),
    "parcel.inquired": Words("包裹 {parcel} 向快递查件", "parcel {parcel}: the carrier is asked"),
    "parcel.resolved": Words("包裹 {parcel} 处理: {action}", "parcel {parcel} settled: {action}"),
    "parcel.delivered": Words(
        "包裹 {parcel} 签收 ({signed_by})",
        "parcel {parcel} delivered, signed by {signed_by}",
    ),
    "service.compensated": Words("补偿: {gesture} {coupon}", "for the trouble: {gesture} {coupon}"),
    "cancel.requested": Words(
        "买家要求取消 ({reason}): {answer}",
        "buyer asks to cancel ({reason}): {answer}",
    ),
    "cancel.too_late": Words(
        "取消请求过晚, 订单已 {state}",
        "too late to cancel, the order is {state}",
    ),
    "buyer.answered": Words("买家答复: {choice}", "the buyer answered: {choice}"),
    "buyer.silent": Words("买家未答复, 按约定: {then}", "the buyer did not answer: {then}"),
    "offer.asked": Words(
        "请买家选择, 缺 {pieces}: {options}",
        "the buyer is asked, short of {pieces}: {options}",
    ),
    "offer.reminded": Words("催请买家答复", "the buyer is reminded to answer"),
    "offer.closed": Words("协商 {offer} 结束", "offer {offer} closed"),
    "order.queued": Words(
        "排队等货, 优先级 {priority}", "in the queue for stock, priority {priority}"
    ),
    "order.unqueued": Words("不再排队等货", "no longer in the queue for stock"),
    "order.waits": Words("等货方式: {takes}", "waits for {takes}"),
    "order.waits_on": Words("继续: {choice}", "goes on: {choice}"),
    "line.substituted": Words("{pieces} 换为 {sku}", "{sku} in place of {pieces}"),
    "presale.counted": Words("计入预售 {pieces}", "counted as presale: {pieces}"),
    "presale.given_back": Words("退还预售名额", "given back to the presale"),
    "presale.converted": Words("预售转正常订单", "the presale is an order like any other"),
    "contract.breached": Words(
        "无法供货, 违约取消 {pieces}", "cannot be delivered: {pieces} called off in breach"
    ),
    "case.opened": Words("售后 {case} 申请: {reason}", "case {case} opened: {reason}"),
    "case.approved": Words("售后 {case} 同意: {remedy}", "case {case} approved: {remedy}"),
    "case.refused": Words(
        "售后 {case} 不予受理, 可申请人工复核",
        "case {case} refused; a person can be asked to look again",
    ),
    "case.to_a_person": Words("售后 {case} 转人工", "case {case}: a person decides"),
    "case.inspecting": Words("售后 {case} 退货已到", "case {case}: goods are back"),
    "case.inspected": Words(
        "售后 {case} 验收: {inspection}, 货物去向: {goods_to}",
        "case {case} inspected: {inspection}, goods to {goods_to}",
    ),
    "case.refunding": Words("售后 {case} 退款中", "case {case}: refund under way"),
    "case.dispute": Words("售后 {case} 争议", "case {case}: dispute"),
    "case.reshipped": Words("售后 {case} 已补发", "case {case}: sent again"),
    "case.done": Words("售后 {case} 结束", "case {case} done"),
    "case.timed_out": Words(
        "售后 {case} 买家未寄回, 关闭",
        "case {case}: goods never came back, closed",
    ),
    "refund.opened": Words(
        "退款 {refund} {amount} ({reason})",
        "refund {refund} of {amount} ({reason})",
    ),
    "refund.submitted": Words("退款 {refund} 已提交", "refund {refund} submitted"),
    "refund.success": Words("退款 {refund} {amount} 成功", "refund {refund} of {amount} paid"),
    "refund.nothing_left": Words("没有可退金额", "nothing left to refund"),
    "notice.decided": Words("通知: {messages}", "messages: {messages}"),
    "effect.redriven": Words("重试对外动作: {effect}", "{effect} is to be tried again outside"),
    "effect.settled": Words(
        "人工确认 {effect} 已在外部完成: {result}",
        "a person says that {effect} was done outside: {result}",
    ),
    "command.without_effect": Words(
        "命令无效果, 订单 {state}",
        "a command without effect, the order is {state}",
    ),
}  # fmt: skip
"""Event kind to its sentence; `{name}` is filled from the event's data."""

MONEY = frozenset({"amount", "coupon"})
"""Data that is money in minor units."""
