import type { OutlineRow, SpreadRow, StationRow } from '@hub/contract'
import { echarts, type ChartOption } from '@hub/ui/chart'
import type { Spot } from './labels'

export const CITY_MAP = 'city'

/** Part of the newest broadcast that was read or confirmed here; null: nothing is under way. */
export const heardPart = (row: StationRow): number | null => {
  const [, read, , all] = row.heard
  return row.broadcast && all > 0 ? read / all : null
}

/** An outline may belong to an organisation that this operator may not see. */
const labelOf = (
  id: string,
  properties: Record<string, unknown> | null,
  nameOf: (id: string) => string,
): string => {
  const known = nameOf(id)
  return known === id ? String(properties?.['name'] ?? '') : known
}

export const registerOutlines = (
  outlines: readonly OutlineRow[],
  nameOf: (id: string) => string,
  places: ReadonlyMap<string, Spot>,
): void => {
  const features = outlines.map(({ id, geojson }) => ({
    ...geojson,
    properties: {
      ...geojson.properties,
      name: labelOf(id, geojson.properties, nameOf),
      // What ECharts calls the place of a name.
      cp: places.get(id),
    },
  }))
  echarts.registerMap(CITY_MAP, { type: 'FeatureCollection', features } as never)
}

export interface MapLook {
  online: string
  offline: string
  heard: string
  track: string
  action: string
  line: string
  land: string
  ink: string
  paper: string
}

const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** A canvas cannot read CSS variables. */
export const lookOfPage = (): MapLook => ({
  online: token('--good'),
  offline: token('--idle-mark'),
  heard: token('--came-read'),
  track: token('--line'),
  action: token('--action'),
  line: token('--line'),
  land: token('--land') || '#eef2f7',
  ink: '#77859b',
  paper: token('--paper'),
})

interface Api {
  coord(place: [number, number]): [number, number]
}

const arcOf = (x: number, y: number, part: number, color: string) => ({
  type: 'arc' as const,
  shape: {
    cx: x,
    cy: y,
    r: 10,
    startAngle: -Math.PI / 2,
    endAngle: -Math.PI / 2 + part * 2 * Math.PI,
  },
  style: { stroke: color, lineWidth: 3, fill: undefined, lineCap: 'round' as const },
  silent: true,
})

const dotOf = (x: number, y: number, row: StationRow, look: MapLook) => ({
  type: 'circle' as const,
  shape: { cx: x, cy: y, r: 6 },
  style: row.online
    ? { fill: look.online, stroke: look.paper, lineWidth: 1.5 }
    : { fill: look.paper, stroke: look.offline, lineWidth: 2 },
})

/** A ring that fills with receipts around a dot that says whether the station is there. */
const markOf = (row: StationRow, chosen: boolean, look: MapLook, api: Api) => {
  const [x, y] = api.coord([row.lon, row.lat])
  const part = heardPart(row)
  const ring = part === null ? [] : [arcOf(x, y, 1, look.track), arcOf(x, y, part, look.heard)]
  const halo = {
    type: 'circle' as const,
    shape: { cx: x, cy: y, r: 14 },
    style: {
      fill: chosen ? `${look.action}26` : 'transparent',
      stroke: chosen ? look.action : 'transparent',
      lineWidth: 2,
    },
  }
  return { type: 'group' as const, children: [halo, ...ring, dotOf(x, y, row, look)] }
}

/** The districts, under whatever stands on them. */
const landOf = (look: MapLook, margin: number, fontSize: number) => ({
  map: CITY_MAP,
  roam: true,
  scaleLimit: { min: 0.8, max: 12 },
  top: margin,
  bottom: margin,
  left: margin,
  right: margin,
  aspectScale: 0.87,
  preserveAspect: 'contain',
  silent: true,
  label: {
    show: true,
    color: look.ink,
    fontSize,
    textBorderColor: look.land,
    textBorderWidth: 3,
  },
  itemStyle: { areaColor: look.land, borderColor: '#c6d0de', borderWidth: 1 },
  emphasis: { disabled: true },
})

export interface MapShown {
  stations: readonly StationRow[]
  chosen: ReadonlySet<string>
  look: MapLook
  tip: (row: StationRow) => string
}

export const mapOption = ({ stations, chosen, look, tip }: MapShown): ChartOption => ({
  animation: false,
  tooltip: {
    trigger: 'item',
    confine: true,
    borderColor: look.line,
    padding: [8, 12],
    textStyle: { color: '#18212f', fontSize: 13 },
    formatter: (item: { dataIndex: number; seriesType?: string }) => {
      const row = item.seriesType === 'custom' ? stations[item.dataIndex] : undefined
      return row ? tip(row) : ''
    },
  },
  geo: landOf(look, 28, 14),
  series: [
    {
      type: 'custom',
      coordinateSystem: 'geo',
      data: stations.map((row) => ({ value: [row.lon, row.lat], id: row.id, name: row.name })),
      renderItem: (item: { dataIndex: number }, api: Api) => {
        const row = stations[item.dataIndex]
        return row && markOf(row, chosen.has(row.id), look, api)
      },
    },
  ],
})

export interface PlaceShown {
  others: readonly Spot[]
  spot: Spot | null
  look: MapLook
}

const pinOf = (x: number, y: number, look: MapLook) => ({
  type: 'group' as const,
  children: [
    {
      type: 'circle' as const,
      shape: { cx: x, cy: y, r: 11 },
      style: { fill: `${look.action}33` },
    },
    {
      type: 'circle' as const,
      shape: { cx: x, cy: y, r: 6 },
      style: { fill: look.action, stroke: look.paper, lineWidth: 2 },
    },
  ],
})

const otherOf = (x: number, y: number, look: MapLook) => ({
  type: 'circle' as const,
  shape: { cx: x, cy: y, r: 3 },
  style: { fill: look.offline },
})

/** One place among the stations that stand already. */
export const placeOption = ({ others, spot, look }: PlaceShown): ChartOption => {
  const value = [...others, ...(spot ? [spot] : [])]
  return {
    animation: false,
    geo: landOf(look, 12, 12),
    series: [
      {
        type: 'custom',
        coordinateSystem: 'geo',
        silent: true,
        data: value,
        renderItem: ({ dataIndex }: { dataIndex: number }, api: Api) => {
          const [x, y] = api.coord([...(value[dataIndex] ?? [0, 0])] as [number, number])
          return dataIndex < others.length ? otherOf(x, y, look) : pinOf(x, y, look)
        },
      },
    ],
  }
}

export interface SpreadShown {
  rows: readonly SpreadRow[]
  chosen: string
  look: MapLook
  tip: (row: SpreadRow) => string
}

const SMALLEST = 10
const LARGEST = 34

/** The disc's area follows the number of deputies; what is darker in it, those who were active. */
const discOf = (row: SpreadRow, most: number, on: boolean, look: MapLook, api: Api) => {
  const [x, y] = api.coord([row.lon ?? 0, row.lat ?? 0])
  const r = Math.max(SMALLEST, LARGEST * Math.sqrt(row.deputies / most))
  const disc = (radius: number, style: object) => ({
    type: 'circle' as const,
    shape: { cx: x, cy: y, r: radius },
    style,
  })
  return {
    type: 'group' as const,
    children: [
      disc(r, {
        fill: `${look.action}33`,
        stroke: on ? look.action : look.paper,
        lineWidth: on ? 3 : 1,
      }),
      disc(r * Math.sqrt(row.active / Math.max(row.deputies, 1)), { fill: `${look.action}99` }),
      {
        type: 'text' as const,
        style: {
          x,
          y,
          text: String(row.deputies),
          fill: '#18212f',
          fontSize: 14,
          fontWeight: 600,
          align: 'center',
          verticalAlign: 'middle',
        },
      },
    ],
  }
}

export const spreadOption = ({ rows, chosen, look, tip }: SpreadShown): ChartOption => {
  const most = Math.max(1, ...rows.map((row) => row.deputies))
  return {
    animation: false,
    tooltip: {
      trigger: 'item',
      confine: true,
      borderColor: look.line,
      padding: [8, 12],
      textStyle: { color: '#18212f', fontSize: 13 },
      formatter: (item: { dataIndex: number; seriesType?: string }) => {
        const row = item.seriesType === 'custom' ? rows[item.dataIndex] : undefined
        return row ? tip(row) : ''
      },
    },
    geo: landOf(look, 28, 14),
    series: [
      {
        type: 'custom',
        coordinateSystem: 'geo',
        data: rows.map((row) => ({
          value: [row.lon ?? 0, row.lat ?? 0],
          id: row.id,
          name: row.name,
        })),
        renderItem: (item: { dataIndex: number }, api: Api) => {
          const row = rows[item.dataIndex]
          return row && discOf(row, most, row.id === chosen, look, api)
        },
      },
    ],
  }
}
