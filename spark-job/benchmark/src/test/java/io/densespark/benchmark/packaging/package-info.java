/** Tests of the module's jar, and of the launcher that passes it on. */
package io.densespark.benchmark.packaging;
