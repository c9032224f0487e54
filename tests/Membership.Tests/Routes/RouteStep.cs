namespace OrleansRooms.Membership.Tests.Routes;

/// <summary>What happens next in a history.</summary>
internal enum RouteStep
{
    Join,
    Leave,
    Tell,
    GiveUpTelling,
    Ask,
    SomethingArrives,
    OldestArrives,
    TimePasses,
    StandStill,
    GoOn,
    Hear,
    Confirm,
    OwnerIsLost,
    OwnerReads,
    OwnerHears,
    DirectoryIsLost,

    // Several of these at once, so that long ways are walked to their ends often enough.
    TellToTheEnd,
    TellPastTheRest,
    TellAndHearTheAnswer,
    TellAndMissTheAnswer,
    TwoJoinOneAfterTheOther,
    JoinPastAnAnswer,
    LastLeavesAndOwnerIsLost,
    AskToTheEnd,
    AskAndWaitForTheAnswer,
    AWhilePasses,
    EverythingArrives,
    BecomeSteady,
    EverybodySettles,
}
