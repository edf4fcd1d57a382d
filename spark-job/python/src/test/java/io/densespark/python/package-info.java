/** Tests of the wheel, and of the Python package in it beside the Java classes. */
package io.densespark.python;
