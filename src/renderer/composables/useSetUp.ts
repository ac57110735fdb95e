import { computed, onMounted, reactive, ref, shallowRef, type ComputedRef, type Ref } from 'vue'
import type { SetUpFinding } from '../../contract/index.ts'
import { draftOf, emptyDraft, inputOf, placeDraft, productDraft, type Draft } from '../set-up/draft.ts'
import { faultsOf } from '../set-up/faults.ts'
import { ALL_FIELDS, filledIn, FIELDS, stepOfFinding, STEPS, type Step } from '../set-up/steps.ts'
import { useAction } from './useAction.ts'

export interface StepReport {
  /** open: not checked, or changed since. */
  readonly state: 'open' | 'good' | 'faulty'
  readonly findings: readonly SetUpFinding[]
  /** Fields to correct, counted from the form and the station. */
  readonly faults: number
  /** The step without which the station can say nothing of this one. */
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

/** What is right in a step can only be told once that other one is: an attestation is for a product. */
const NEEDS: Partial<Record<Step, Step>> = { attestation: 'product' }

export const useSetUp = (): SetUp => {
  const draft = reactive(emptyDraft())
  const { ask, busy } = useAction()
  const checked = ref<ReadonlySet<Step>>(new Set())
  /** What the station said last, and about which input. */
  const answer = shallowRef<{ readonly findings: readonly SetUpFinding[]; readonly about: string } | null>(null)

  onMounted(async () => {
    const saved = await ask('setUp.get', {})
    if (saved?.input) Object.assign(draft, draftOf(saved.input))
    else if (saved)
      Object.assign(draft, saved.given && placeDraft(saved.given), saved.product && productDraft(saved.product))
  })

  const about = (): string => JSON.stringify(filledIn(draft))

  const report = (step: Step): StepReport => {
    const own = Object.keys(faultsOf(draft, FIELDS[step])).length
    const isCurrent = checked.value.has(step) && answer.value?.about === about()
    const findings = isCurrent
      ? (answer.value?.findings ?? []).filter((finding) => stepOfFinding(finding) === step)
      : []
    const faults = own + findings.filter(({ ok }) => !ok).length
    const needed = NEEDS[step]
    const isBlocked = isCurrent && needed !== undefined && Object.keys(faultsOf(draft, FIELDS[needed])).length > 0
    const blockedBy = isBlocked ? needed : null
    const isGood = isCurrent && faults === 0 && blockedBy === null
    return {
      state: isGood ? 'good' : faults > 0 && checked.value.has(step) ? 'faulty' : 'open',
      findings,
      faults,
      blockedBy,
    }
  }
  const run = async (steps: readonly Step[]): Promise<void> => {
    checked.value = new Set([...checked.value, ...steps])
    const question = filledIn(draft)
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
