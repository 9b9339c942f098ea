/** Studies of kind phenotype with real processes. */
@org.jspecify.annotations.NullMarked
package org.commissure.deploy.phenotype;
