import { ref, watch, type Ref } from 'vue'
import type { LabelView, RequestResult } from '../../contract/index.ts'
import { useStation } from '../stores/station.ts'

/** A picture with the label that it is of: while the next one is fetched, both stay. */
export interface LabelPreview extends RequestResult<'label.preview'> {
  readonly label: Pick<LabelView, 'id' | 'serial'> & Partial<LabelView>
}

/** The picture of a label, fetched when the label changes; the one before stays until the new one is here. */
export const useLabelPreview = (label: () => LabelPreview['label'] | null): Readonly<Ref<LabelPreview | null>> => {
  const station = useStation()
  const preview = ref<LabelPreview | null>(null)

  watch(
    () => [label()?.id ?? null, station.connectionState.kind] as const,
    async ([id, connection]) => {
      if (id === null) {
        preview.value = null
        return
      }
      if (connection !== 'open') return
      try {
        const fetched = await station.request('label.preview', { labelId: id })
        // A picture is painted some time after its text: without this the caption would be that of the next label for a moment.
        const picture = new Image()
        picture.src = fetched.image
        await picture.decode()
        const current = label()
        if (current?.id === id) preview.value = { ...fetched, label: current }
      } catch (error) {
        // A picture is no reason to disturb the operator; the queue beside it says what the label does.
        console.error('The preview of a label could not be fetched:', error)
      }
    },
    { immediate: true },
  )
  return preview
}
