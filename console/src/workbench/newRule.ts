/** What a new rule begins as: it compiles, and it is plain where the author goes on. */
export function newRule(today: Date): string {
  return `title: New rule
id: ${crypto.randomUUID()}
status: experimental
description: What it finds, and why that matters.
date: ${today.toISOString().slice(0, 10)}
tags:
  - attack.execution
  - attack.t1059.001
logsource:
  product: windows
  category: process_creation
detection:
  selection:
    Image|endswith: '\\powershell.exe'
    CommandLine|contains: ' -enc '
  condition: selection
falsepositives:
  - Unknown
level: medium
`;
}
