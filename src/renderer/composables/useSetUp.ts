import { computed, onMounted, reactive, ref, shallowRef, type ComputedRef, type Ref } from 'vue'
import type { SetUpFinding } from '../../contract/index.ts'
import { draftOf, emptyDraft, inputOf, type Draft } from '../set-up/draft.ts'
import { faultsOf } from '../set-up/faults.ts'
import { ALL_FIELDS, completed, FIELDS, stepOfFinding, STEPS, type Step } from '../set-up/steps.ts'
import { useAction } from './useAction.ts'

export interface StepReport {
  /** open: not checked, or changed since. */
  readonly state: 'open' | 'good' | 'faulty'
  readonly findings: readonly SetUpFinding[]
  /** Fields to correct, counted from the form and the station. */
  readonly faults: number
  /** Steps that the station could not get past, so that it said nothing of this one. */
  readonly blockedBy: Step | null
}

interface SetUp {
  readonly draft: Draft
  readonly busy: Readonly<Ref<boolean>>
  readonly reports: ComputedRef<Record<Step, StepReport>>
  /** Fields say what they lack only once their step was checked. */
  readonly checked: Ref<ReadonlySet<Step>>
  check(step: Step): Promise<void>
  /** Checks all; null when everything is good, else the first step to correct. */
  checkAll(): Promise<Step | null>
  save(): Promise<boolean>
}

/** Steps that the station checks one after another and leaves at the first fault: what follows is unknown until then. */
const IN_A_ROW: readonly Step[] = ['release', 'product', 'attestation']

export const useSetUp = (): SetUp => {
  const draft = reactive(emptyDraft())
  const { ask, busy } = useAction()
  const checked = ref<ReadonlySet<Step>>(new Set())
  /** What the station said last, and about which input. */
  const answer = shallowRef<{ readonly findings: readonly SetUpFinding[]; readonly about: string } | null>(null)

  onMounted(async () => {
    const saved = await ask('setUp.get', {})
    if (saved?.input) Object.assign(draft, draftOf(saved.input))
  })

  const about = (): string => JSON.stringify(completed(draft))

  const report = (step: Step): StepReport => {
    const own = Object.keys(faultsOf(draft, FIELDS[step])).length
    const isCurrent = checked.value.has(step) && answer.value?.about === about()
    const findings = isCurrent
      ? (answer.value?.findings ?? []).filter((finding) => stepOfFinding(finding) === step)
      : []
    const faults = own + findings.filter(({ ok }) => !ok).length
    const blockedBy =
      isCurrent && findings.length === 0 && IN_A_ROW.includes(step)
        ? (IN_A_ROW.find((other) => other !== step && hasFault(other)) ?? null)
        : null
    const isGood = isCurrent && faults === 0 && blockedBy === null
    return {
      state: isGood ? 'good' : faults > 0 && checked.value.has(step) ? 'faulty' : 'open',
      findings,
      faults,
      blockedBy,
    }
  }
  const hasFault = (step: Step): boolean =>
    (answer.value?.findings ?? []).some((finding) => !finding.ok && stepOfFinding(finding) === step)

  const run = async (steps: readonly Step[]): Promise<void> => {
    checked.value = new Set([...checked.value, ...steps])
    const question = completed(draft)
    const result = await ask('setUp.check', question)
    if (result) answer.value = { findings: result.findings, about: JSON.stringify(question) }
  }

  const reports = computed(
    () => Object.fromEntries(STEPS.map((step) => [step, report(step)])) as Record<Step, StepReport>,
  )

  return {
    draft,
    busy,
    reports,
    checked,
    check: (step) => run([step]),
    async checkAll() {
      await run(STEPS)
      const wrong = STEPS.filter((step) => reports.value[step].state !== 'good')
      return wrong.find((step) => reports.value[step].state === 'faulty') ?? wrong[0] ?? null
    },
    async save() {
      if (Object.keys(faultsOf(draft, ALL_FIELDS)).length > 0) return false
      return (await ask('setUp.save', inputOf(draft))) !== null
    },
  }
}
