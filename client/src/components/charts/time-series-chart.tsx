import {
  Bar,
  CartesianGrid,
  ComposedChart,
  Legend,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { useFormat } from '@/format/use-format';
import type { TimeSeriesProps } from './time-series';

const HEIGHT = 208;
const COLOURS = [1, 2, 3, 4, 5, 6].map((number) => `var(--series-${number})`);
/** Series differ by their dashes too: colour alone tells not everybody. */
const DASHES = ['', '6 3', '2 3', '8 3 2 3', '1 4', '10 4'];
const TEXT = { fontSize: 11, fill: 'var(--muted)' };

/** The drawing. A default export, because it is loaded by itself with the chart library. */
export default function TimeSeriesChart({
  points,
  series,
  format,
  kind = 'bars',
}: TimeSeriesProps) {
  const formats = useFormat();
  const spanMs = Date.parse(points.at(-1)?.at ?? '') - Date.parse(points[0]?.at ?? '');
  const data = points.map(({ at, values }) => ({ at, ...values }));

  return (
    <ResponsiveContainer width="100%" height={HEIGHT}>
      <ComposedChart
        data={data}
        margin={{ top: 4, right: 4, bottom: 0, left: 0 }}
        // The table is what assistive technology gets; a drawing is no stop for the keyboard.
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--border)" />
        <XAxis
          dataKey="at"
          tickFormatter={(at: string) => formats.tick(at, spanMs)}
          tick={TEXT}
          tickLine={false}
          axisLine={{ stroke: 'var(--border)' }}
          minTickGap={32}
        />
        <YAxis
          tickFormatter={(value: number) => format(value)}
          tick={TEXT}
          tickLine={false}
          axisLine={false}
          width="auto"
        />
        <Tooltip
          labelFormatter={(at) => (typeof at === 'string' ? formats.time(at) : null)}
          formatter={(value, name) => [format(Number(value)), name]}
          cursor={{ fill: 'var(--subtle)', stroke: 'var(--border)' }}
          contentStyle={{
            background: 'var(--raised)',
            border: '1px solid var(--border)',
            borderRadius: 6,
            fontSize: 12,
          }}
          itemStyle={{ color: 'var(--foreground)' }}
          isAnimationActive={false}
        />
        {series.length > 1 && (
          <Legend
            iconSize={kind === 'bars' ? 8 : 20}
            iconType={kind === 'bars' ? 'square' : 'plainline'}
            itemSorter={null}
            formatter={(name) => <span className="text-foreground">{name}</span>}
            wrapperStyle={{ fontSize: 11 }}
          />
        )}
        {series.map(({ key, label }, index) =>
          kind === 'bars' ? (
            <Bar
              key={key}
              dataKey={key}
              name={label}
              stackId="all"
              fill={COLOURS[index % COLOURS.length] ?? ''}
              isAnimationActive={false}
            />
          ) : (
            <Line
              key={key}
              dataKey={key}
              name={label}
              stroke={COLOURS[index % COLOURS.length] ?? ''}
              strokeDasharray={DASHES[index % DASHES.length] ?? ''}
              strokeWidth={1.75}
              dot={false}
              isAnimationActive={false}
            />
          ),
        )}
      </ComposedChart>
    </ResponsiveContainer>
  );
}
