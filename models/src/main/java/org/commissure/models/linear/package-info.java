/** Linear models fitted from sums over patients, so that hospitals can add what each computes alone. */
@NullMarked
package org.commissure.models.linear;

import org.jspecify.annotations.NullMarked;
