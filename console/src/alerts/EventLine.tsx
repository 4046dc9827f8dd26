import type { AlertRow, EventRow } from "../api/wire";
import { useSettings } from "../app/settings";
import { Severity } from "../parts/Severity";
import { defang, plain } from "../text/defang";
import { HostileText } from "../text/HostileText";
import { clockMillis, full, offset } from "../time/format";
import { laneOf } from "./lanes";

/** One neighbouring event: when, how far from the alert, what. */
export function EventLine({
  event,
  alert,
  own,
  raised,
  style,
}: {
  event: EventRow;
  alert: AlertRow;
  own: boolean;
  raised: AlertRow | undefined;
  style?: React.CSSProperties;
}) {
  const { zone } = useSettings();
  return (
    <li className={own ? "me" : ""} style={style}>
      <span className="m" title={full(event.timeMs, zone)}>
        {clockMillis(event.timeMs, zone)}
      </span>
      <span className="t3 num">{own ? "0" : offset(event.timeMs - alert.timeMs)}</span>
      <span className="t2 el">
        <HostileText text={laneOf(event)} />
      </span>
      <span className="el m" title={plain(event.summary)}>
        <HostileText text={defang(event.summary)} />
      </span>
      <span>{raised && <Severity level={raised.level} />}</span>
    </li>
  );
}
