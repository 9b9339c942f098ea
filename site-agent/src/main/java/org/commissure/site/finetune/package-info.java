/** Fine-tuning of a released encoder for a column of participants.tsv: a patient's gradient, and the scores. */
@NullMarked
package org.commissure.site.finetune;

import org.jspecify.annotations.NullMarked;
