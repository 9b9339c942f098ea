/** The judgement of a soak. */
@org.jspecify.annotations.NullMarked
package org.commissure.deploy.soak;
