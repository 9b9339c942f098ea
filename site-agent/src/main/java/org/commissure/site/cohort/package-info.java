/**
 * The patients of one hospital as the site reads them: which series count, which are refused and
 * why, and which are sealed away as the external cohort. Participant ids stay inside this package,
 * apart from what {@code cohort check} prints to the hospital's own terminal.
 */
@NullMarked
package org.commissure.site.cohort;

import org.jspecify.annotations.NullMarked;
