namespace OnnxViz.Graphs;

/// <summary>
/// A dimension that is not known before the graph runs, named by the value it was first seen in: two dimensions of the
/// same name are equal whatever they are.
/// </summary>
internal readonly record struct SymbolicDim(Value First, int Axis);
