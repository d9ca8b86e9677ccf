/** The law texts behind the tables, by the keys that the tables use. */
const TEXTS: Record<string, string> = {
  OL: '地方组织法',
  DL: '代表法',
  LL: '立法法',
  SL: '监督法',
  BL: '预算法',
  EL: '选举法',
  ZS: '浙江省办理代表建议规定',
  ZD: '浙江省实施代表法办法',
  ZC: '浙江省常委会议事规则',
  ZB: '浙江省预算审查监督条例',
  ZM: '浙江省重大事项规定',
  ZV: '浙江省监督条例',
  ZA: '浙江省任免条例',
  ZK: '浙江省人大议事规则',
  WL: '温州市制定地方性法规条例',
  ZZ: '郑州市地方立法条例',
  HN: '河南省建议办理规定',
  CQ: '重庆市建议办理规定',
  BJ: '北京市建议办理规定',
  QD: '青岛市建议办理规定',
  BR: '北京市人大议事规则',
  NR: '全国人大常委会议事规则',
  SF: '上海市规范性文件备案审查规定',
  ZF: '浙江省备案审查规定',
  PT: '信访工作条例',
}
const CITED = /^([A-Z]{2})(?:\s+([\d、]+))?(.*)$/
const OWN = '（I）'

const cited = (one: string): string => {
  if (one === OWN) return '本级人大设定'
  const [, key = '', articles = '', rest = ''] = CITED.exec(one) ?? []
  const text = TEXTS[key]
  return text ? `《${text}》${articles ? `第${articles}条` : ''}${rest.replace(OWN, '')}` : one
}

/** A source as a person reads it: `ZS 24；DL 51` → 《浙江省办理代表建议规定》第24条；《代表法》第51条. */
export const sourceOf = (source: string): string =>
  source
    .split('；')
    .map((one) => cited(one.trim()))
    .filter(Boolean)
    .join('；')
