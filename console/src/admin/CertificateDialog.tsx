import type { Certificate } from "../api/tenants";
import { download } from "../app/download";
import { useSettings } from "../app/settings";
import { Dialog } from "../parts/Dialog";
import { whole } from "../parts/numbers";
import { HostileText } from "../text/HostileText";
import { full } from "../time/format";

/** What went with a tenant, signed. */
export function CertificateDialog({
  certificate,
  onClose,
}: {
  certificate: Certificate;
  onClose: () => void;
}) {
  const { zone } = useSettings();
  const facts: [string, string][] = [
    ["Tenant", certificate.tenantId],
    ["Deleted", full(certificate.deletedMs, zone)],
    ["By", certificate.deletedBy],
    ["Certificate", certificate.certificateId],
    ["Key", certificate.keyId],
    ["Signature, Ed25519", certificate.signature],
  ];
  return (
    <Dialog label="Certificate of deletion" className="form wide" onClose={onClose}>
      <header className="dialog-head">
        <h2>Certificate of deletion</h2>
      </header>
      <div className="form-body" tabIndex={0} role="region" aria-label="Certificate">
        <dl className="facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="m">
                <HostileText text={value} />
              </dd>
            </div>
          ))}
        </dl>
        <table className="dt" aria-label="What went">
          <thead>
            <tr>
              <th scope="col">Place</th>
              <th scope="col" className="num">
                Rows
              </th>
            </tr>
          </thead>
          <tbody>
            {certificate.counts.map((each) => (
              <tr key={each.place}>
                <td className="m">
                  <HostileText text={each.place} />
                </td>
                <td className="num">{whole(each.rows)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {certificate.kept.length > 0 && (
          <>
            <h3 className="h">Kept</h3>
            <ul className="t2">
              {certificate.kept.map((each) => (
                <li key={each}>
                  <HostileText text={each} />
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <footer className="form-acts">
        <button
          type="button"
          className="btn"
          onClick={() =>
            download(
              `tidewatch-deletion-${certificate.certificateId.replaceAll(/[^0-9a-f-]/gi, "")}.json`,
              JSON.stringify(certificate, null, 1),
            )
          }
        >
          Download
        </button>
        <button type="button" className="btn p" onClick={onClose}>
          Close
        </button>
      </footer>
    </Dialog>
  );
}
