/**
 * What a DenseNet is: its specification, its parameters by name and place. Pure values. In this module everybody enters.
 */
package io.densespark.model.network;
