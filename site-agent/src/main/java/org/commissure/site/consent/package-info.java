/** Patients who withdrew their consent, by salted hash: who is left out of every sum that begins afterwards. */
@NullMarked
package org.commissure.site.consent;

import org.jspecify.annotations.NullMarked;
