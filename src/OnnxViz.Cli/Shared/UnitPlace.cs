using OnnxViz.Objectives;

namespace OnnxViz.Cli.Shared;

/// <summary>A unit of a layer, or one place of its map: "25", "25@14,20".</summary>
/// <param name="Unit">Its number.</param>
/// <param name="Position">Null for the whole map.</param>
internal readonly record struct UnitPlace(int Unit, MapPosition? Position)
{
    public override string ToString() => Position is null ? $"{Unit}" : $"{Unit}@{Position}";
}
