/** From an invitation file to an enrolled site: keys born here, certificates from the federation's authority. */
@NullMarked
package org.commissure.site.enrolment;

import org.jspecify.annotations.NullMarked;
