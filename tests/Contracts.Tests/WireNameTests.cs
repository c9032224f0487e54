using System.Text;
using CsCheck;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Contracts.Tests;

public sealed class WireNameTests
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.Char, Gen.Char['\ud800', '\udfff'], Gen.Int[0, 4].Select(i => "a\ufffd\uffff\ue03d\ue7ff"[i]))
        .Array[0, 12].Select(chars => new string(chars));

    [Fact]
    public void AnyName_TravelsAndIsReadBack() => Text.Sample(name =>
    {
        var wire = WireName.Of(name);
        Assert.Equal(wire, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(wire)));
        Assert.Equal(name, WireName.Read(wire));
        if (Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)) == name && !name.Contains('\uffff')) Assert.Same(name, wire);
    });

    [Fact]
    public void TwoNames_AreTheSameOnTheWireOnlyIfTheyAre() =>
        Gen.Select(Text, Text).Sample((a, b) => Assert.Equal(a == b, WireName.Of(a) == WireName.Of(b)));

    [Fact]
    public void WhatNobodyWrites_IsReadAsItIs()
    {
        Assert.Equal("a\uffffb", WireName.Read("a\uffffb"));
        Assert.Equal("\uffff", WireName.Read("\uffff"));
    }

    [Fact]
    public void Arrays_AreTheSameUnlessANameIsChanged()
    {
        string[] plain = ["a", "😀", ""];
        Assert.Same(plain, WireName.Of(plain));
        Assert.Same(plain, WireName.Read(plain));

        string[] names = ["a", "\ud83d", "b"];
        Assert.Equal(["a", "\uffff\ue03d", "b"], WireName.Of(names));
        Assert.Equal("\ud83d", names[1]);
        Assert.Equal(names, WireName.Read(WireName.Of(names)));
    }
}
