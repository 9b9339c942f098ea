/** What a site computes in a study of kind phenotype. */
@NullMarked
package org.commissure.site.phenotype;

import org.jspecify.annotations.NullMarked;
