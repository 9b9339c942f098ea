/** What an operator sends who asks for help with a coordinator. */
@NullMarked
package org.commissure.coordinator.support;

import org.jspecify.annotations.NullMarked;
