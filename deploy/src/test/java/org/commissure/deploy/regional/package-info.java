/** Studies of kind regional with real processes. */
@org.jspecify.annotations.NullMarked
package org.commissure.deploy.regional;
