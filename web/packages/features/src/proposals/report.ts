import type { YearRow } from '@hub/contract'
import { shareOf } from './figures'

const MANY = 5

const list = (rows: readonly { name: string; cases: number }[]): string =>
  rows
    .filter(({ cases }) => cases)
    .slice(0, MANY)
    .map(({ name, cases }) => `${name} ${cases} 件`)
    .join('，')

/** A first draft of the yearly report, every figure with what it is of. The report is read in Chinese alone. */
export const reportOf = ({ year, figures: f, topics, units }: YearRow): string => {
  const inquiries = f.inquiries ?? 0
  const suggestions = f.cases - f.motions - inquiries
  const handled = units.filter(({ key }) => key)
  return [
    `关于${year}年代表建议、议案办理情况的报告`,
    '一、基本情况',
    `${year}年共收到代表建议、议案 ${f.cases - inquiries} 件，其中建议 ${suggestions} 件、议案 ${f.motions} 件${inquiries ? `，另有质询案 ${inquiries} 件` : ''}。受理 ${f.accepted} 件，不予受理 ${f.refused} 件，撤回 ${f.withdrawn} 件，并案 ${f.merged} 件。内容主要涉及：${list(topics)}。`,
    '二、办理情况',
    `交由 ${handled.length} 家单位主办或分别办理，共 ${f.parts} 个承办件；已答复 ${f.replied} 个，答复率 ${shareOf(f.replied, f.parts)}；按期答复 ${f.on_time} 个，按期答复率 ${shareOf(f.on_time, f.replied)}。答复结果中，A 类 ${f.class_a} 个，B 类 ${f.class_b} 个，C 类 ${f.class_c} 个${f.class_d ? `，D 类 ${f.class_d} 个` : ''}，A 类占已答复的 ${shareOf(f.class_a, f.replied)}。`,
    '三、代表评价',
    `代表已评价 ${f.rated} 个承办件。末次评价满意 ${f.satisfied} 个（${shareOf(f.satisfied, f.rated)}），基本满意 ${f.basically} 个（${shareOf(f.basically, f.rated)}），不满意 ${f.unsatisfied} 个（${shareOf(f.unsatisfied, f.rated)}）。首次评价满意率 ${shareOf(f.first_satisfied, f.first_rated)}，首次不满意 ${f.first_unsatisfied} 个，均已责成重新办理。`,
    '四、重点建议和承诺兑现',
    `确定重点建议 ${f.key_items} 件，由单位负责人领办、专门委员会督办。B 类答复承诺 ${f.promises} 项，代表已评价兑现 ${f.fulfilment_rated} 项，其中已兑现 ${f.fulfilled} 项，兑现率 ${shareOf(f.fulfilled, f.fulfilment_rated)}；部分兑现 ${f.partly} 项，未兑现 ${f.unfulfilled} 项，继续跟踪。`,
    '五、存在的问题和下一步工作',
    '（请填写）',
  ].join('\n')
}
