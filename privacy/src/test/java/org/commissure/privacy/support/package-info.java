@NullMarked
package org.commissure.privacy.support;

import org.jspecify.annotations.NullMarked;
