/** What the build promises about who may see whom. */
@org.jspecify.annotations.NullMarked
package org.commissure.deploy.architecture;
