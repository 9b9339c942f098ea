/** What a hospital sends that asks for help with its agent. */
@NullMarked
package org.commissure.site.support;

import org.jspecify.annotations.NullMarked;
