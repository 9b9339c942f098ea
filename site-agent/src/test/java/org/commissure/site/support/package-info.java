@NullMarked
package org.commissure.site.support;

import org.jspecify.annotations.NullMarked;
